import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Diagnostic, KIND_HEADERS, PlumbError } from '../core/diagnostic.js'
import { codeFrame } from '../core/source-span.js'
import { describeNode, type GraphNode } from '../manifest/index.js'
import type { RunContext } from './run-context.js'
import type { RunResult } from './run-result.js'

/**
 * The message of a failed node as dbt writes it into run_results.json:
 *
 * ```
 * Compilation Error in model b (models/b.sql)
 *   'nope' is undefined
 *
 *   > in macro cents (macros/cents.sql)
 *   > called by model b (models/b.sql)
 * ```
 * @param databaseHeader what errors of the warehouse are called (`Database Error`; dbt says `Runtime Error` on some).
 */
export function errorMessage(error: unknown, node: GraphNode, databaseHeader: string): string {
  if (!(error instanceof PlumbError)) return error instanceof Error ? (error.message ?? String(error)) : String(error)
  return error.diagnostics.map((each) => diagnosticMessage(each, node, databaseHeader)).join('\n\n')
}

function diagnosticMessage(diagnostic: Diagnostic, node: GraphNode, databaseHeader: string): string {
  const isDatabase = diagnostic.kind === 'database'
  const header = isDatabase ? databaseHeader : KIND_HEADERS[diagnostic.kind]
  const subject = diagnostic.subject ?? describeNode(node)
  const lines = diagnostic.message.split('\n')
  if (isDatabase && header === 'Database Error' && 'build_path' in node && node.build_path) {
    lines.push(`compiled code at ${node.build_path}`)
  }
  const frames = (diagnostic.callStack ?? []).filter((frame) => frame.name !== node.unique_id)
  if (frames.length > 0) {
    lines.push('')
    frames.toReversed().forEach((frame, depth) => {
      const at = frame.name.includes('(') || frame.at === undefined ? '' : ` (${frame.at.file})`
      lines.push(`> ${depth === 0 ? 'in' : 'called by'} ${frame.name}${at}`)
    })
    lines.push(`> called by ${describeNode(node)}`)
  }
  return [`${header} in ${subject}`, ...lines.map((line) => `  ${line}`)].join('\n')
}

/** What the terminal adds to a failed node's message: the place in the file, and what to do. */
export function explain(run: RunContext, result: RunResult): string[] {
  return result.diagnostics.flatMap((diagnostic) => {
    const lines: string[] = []
    // A place in the statement that was sent stands in the warehouse's own message already.
    if (diagnostic.at !== undefined && !(diagnostic.kind === 'database' && diagnostic.sourceText !== undefined)) {
      const text = diagnostic.sourceText ?? readProjectFile(run, result.node, diagnostic.at.file)
      lines.push(
        text === null
          ? `--> ${diagnostic.at.file}:${diagnostic.at.line}:${diagnostic.at.column}`
          : codeFrame(diagnostic.at, text),
      )
    }
    if (diagnostic.hint !== undefined) lines.push(`hint: ${diagnostic.hint}`)
    return lines.flatMap((block) => block.split('\n').map((line) => `  ${line}`))
  })
}

/** The file an error points at; paths of packages are relative to the package. */
function readProjectFile(run: RunContext, node: GraphNode, file: string): string | null {
  const { project } = run.session
  const packageRoot = project.packages.get(node.package_name)?.root
  for (const root of [packageRoot, project.root.root, '']) {
    if (root === undefined) continue
    try {
      return readFileSync(root === '' ? file : join(root, file), 'utf8')
    } catch {
      // Not below this root.
    }
  }
  return null
}

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { TemplateSession } from '../context/index.js'
import { type CallFrame, type Diagnostic, KIND_HEADERS, PlumbError } from '../core/diagnostic.js'
import { codeFrame } from '../core/source-span.js'
import type { GraphNode } from '../manifest/index.js'
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
 */
export function errorMessage(error: unknown, node: GraphNode, session: TemplateSession): string {
  if (!(error instanceof PlumbError)) return error instanceof Error ? (error.message ?? String(error)) : String(error)
  return error.diagnostics.map((each) => diagnosticMessage(each, node, session)).join('\n\n')
}

function diagnosticMessage(diagnostic: Diagnostic, node: GraphNode, session: TemplateSession): string {
  // What a macro raises as a database error keeps that name, whatever the warehouse's own are called.
  const isDatabase = diagnostic.kind === 'database' && diagnostic.code !== 'raised'
  const header = isDatabase ? databaseHeader(session) : KIND_HEADERS[diagnostic.kind]
  const isAboutNode = diagnostic.nodeId === undefined || diagnostic.nodeId === node.unique_id
  const subject = isAboutNode ? nameOf(node) : (diagnostic.subject ?? nameOf(node))
  const lines = diagnostic.message.split('\n')
  if (isDatabase && header === DATABASE_HEADER && 'build_path' in node && node.build_path) {
    lines.push(`compiled code at ${node.build_path}`)
  }
  if (diagnostic.kind === 'compilation') lines.push(...callLines(diagnostic.callStack ?? [], node, session))
  return [`${header} in ${subject}`, ...lines.map((line) => `  ${line}`)].join('\n')
}

/** The message of an error outside of any node: header and indented lines. */
export function errorText(error: PlumbError, session: TemplateSession): string {
  return error.diagnostics
    .map(({ kind, message }) => {
      const header = kind === 'database' ? databaseHeader(session) : KIND_HEADERS[kind]
      return [header, ...message.split('\n').map((line) => `  ${line}`)].join('\n')
    })
    .join('\n\n')
}

const DATABASE_HEADER = KIND_HEADERS.database

/** What errors of the warehouse are called: dbt says `Runtime Error` on some. */
export function databaseHeader({ plugin }: TemplateSession): string {
  return plugin.errorHeader ?? DATABASE_HEADER
}

/** `model b (models/b.sql)`, with dbt's own name of the type. */
function nameOf(node: GraphNode): string {
  return `${node.resource_type} ${node.name} (${node.original_file_path})`
}

/** The macros on the way to the fault, innermost first, each with the file it stands in. */
function callLines(stack: readonly CallFrame[], node: GraphNode, { macros }: TemplateSession): string[] {
  const frames = stack.filter((frame) => frame.name !== node.unique_id)
  if (frames.length === 0) return []
  const named = frames.toReversed().map((frame) => {
    const [, packageName, name] = /^macro (?:(\w+)\.)?(\w+)$/.exec(frame.name) ?? []
    const macro = name === undefined ? undefined : macros.find(name, packageName ?? null)
    return macro === undefined ? frame.name : `macro ${macro.name} (${macro.original_file_path})`
  })
  return ['', ...[...named, nameOf(node)].map((each, depth) => `> ${depth === 0 ? 'in' : 'called by'} ${each}`)]
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

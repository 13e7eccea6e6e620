import { readFileSync } from 'node:fs'
import { isAbsolute, join } from 'node:path'
import { type Diagnostic, KIND_HEADERS } from '../../core/diagnostic.js'
import { codeFrame } from '../../core/source-span.js'
import type { Style } from './style.js'

/**
 * One diagnostic as a person reads it. The first line keeps dbt's words, because people and tools know them:
 *
 * ```
 * Compilation Error in model b (models/b.sql)
 *   Model 'model.shop.b' depends on a node named 'stg_order' which was not found
 *     --> models/b.sql:4:12
 *   hint: did you mean 'stg_orders'?  [ref-not-found]
 * ```
 */
export function formatDiagnostic(item: Diagnostic, root: string, style: Style): string {
  const header = `${item.severity === 'warning' ? 'Warning' : KIND_HEADERS[item.kind]}${item.subject ? ` in ${item.subject}` : ''}`
  const lines = [item.severity === 'warning' ? style.yellow(header) : style.red(header)]
  for (const line of item.message.replace(/\n+$/, '').split('\n')) lines.push(line === '' ? '' : `  ${line}`)
  const frame = frameOf(item, root)
  if (frame !== undefined) lines.push(...frame.split('\n').map((l) => `  ${style.cyan(l)}`))
  for (const call of [...(item.callStack ?? [])].reverse()) {
    lines.push(style.dim(`  > in ${call.name}${call.at ? ` (${call.at.file}:${call.at.line}:${call.at.column})` : ''}`))
  }
  if (item.hint !== undefined)
    lines.push(...item.hint.split('\n').map((l, i) => style.bold(i === 0 ? `  hint: ${l}` : `        ${l}`)))
  if (item.kind !== 'usage') lines.push(style.dim(`  [${item.code}]`))
  return lines.join('\n')
}

function frameOf(item: Diagnostic, root: string): string | undefined {
  if (item.at === undefined) return undefined
  let text = item.sourceText
  if (text === undefined) {
    try {
      text = readFileSync(isAbsolute(item.at.file) ? item.at.file : join(root, item.at.file), 'utf8').replaceAll(
        '\r\n',
        '\n',
      )
    } catch {
      // The place is still worth saying when the file is gone.
      return ` --> ${item.at.file}:${item.at.line}:${item.at.column}`
    }
  }
  return codeFrame(item.at, text)
}

/** A diagnostic for `--output json` and the JSON log. */
export function diagnosticToJson(item: Diagnostic): Record<string, unknown> {
  return {
    code: item.code,
    kind: item.kind,
    severity: item.severity,
    message: item.message,
    ...(item.at ? { file: item.at.file, line: item.at.line, column: item.at.column } : {}),
    ...(item.nodeId ? { unique_id: item.nodeId } : {}),
    ...(item.hint ? { hint: item.hint } : {}),
    ...(item.callStack?.length ? { call_stack: item.callStack.map((c) => c.name) } : {}),
  }
}

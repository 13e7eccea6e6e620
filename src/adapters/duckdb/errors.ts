import { diagnostic, PlumbError } from '../../core/diagnostic.js'
import { type SourceSpan, spanAt } from '../../core/source-span.js'
import { cellWidth } from '../cell-width.js'
import { lockDiagnostic } from './lock-holder.js'

/** What DuckDB says about an error when asked for JSON. */
interface ErrorReport {
  readonly exception_type: string
  readonly exception_message: string
  /** Byte offset in the text that was sent. */
  readonly position?: string
}

/** How wide a line DuckDB shows beneath an error, and how much of it before the place. */
const SHOWN_WIDTH = 120

/** Types whose name in DuckDB's messages is not the name of the Python exception that `retries` lists. */
const EXCEPTION_NAMES: Readonly<Record<string, string>> = {
  TransactionContext: 'TransactionException',
  INTERRUPT: 'InterruptException',
  FATAL: 'FatalException',
  INTERNAL: 'InternalException',
  'Mismatch Type': 'TypeMismatchException',
  'Invalid type': 'InvalidTypeException',
  'Not implemented': 'NotImplementedException',
}

/**
 * A driver's error as ours: the message as DuckDB prints it (`Binder Error: ...`, the line, a caret), the place in
 * `sql` when DuckDB knows it, `prefix` being the length of what was sent before it. Errors that do not come from DuckDB's engine pass through.
 */
export function databaseError(error: unknown, sql: string, prefix = 0): PlumbError {
  if (error instanceof PlumbError) return error
  const text = error instanceof Error ? error.message : String(error)
  const report = readReport(text)
  if (report === null)
    return new PlumbError(lockDiagnostic(text) ?? diagnostic('database', 'database-error', text), error)
  const message = `${report.exception_type} Error: ${report.exception_message}`
  const start = report.position === undefined ? null : characterOffset(sql, Number(report.position) - prefix)
  if (start === null) return new PlumbError(diagnostic('database', codeOf(report), message), error)
  const at = spanOfToken(sql, start)
  return new PlumbError(
    diagnostic('database', codeOf(report), `${message}\n\n${excerpt(sql, at)}`, { at, sourceText: sql }),
    error,
  )
}

/** What DuckDB says of a statement that was interrupted, for those that do not get as far, or of which it says nothing. */
export function interrupted(): PlumbError {
  return new PlumbError(diagnostic('database', 'query-cancelled', 'INTERRUPT Error: Interrupted!'))
}

/** Name of DuckDB's Python exception for an error of ours: what `retries.retryable_exceptions` lists. */
export function exceptionName(error: PlumbError): string {
  const type = /^([A-Za-z ]+?) Error: /.exec(error.message)?.[1] ?? ''
  return EXCEPTION_NAMES[type] ?? `${type.replaceAll(' ', '')}Exception`
}

/** The JSON stands alone, or behind `Parser Error: `. */
function readReport(text: string): ErrorReport | null {
  const start = text.indexOf('{"exception_type"')
  if (start === -1) return null
  try {
    return JSON.parse(text.slice(start)) as ErrorReport
  } catch {
    return null
  }
}

function codeOf(report: ErrorReport): string {
  return report.exception_type === 'INTERRUPT' ? 'query-cancelled' : 'database-error'
}

/** Place of a UTF-8 offset in a JS string; null when it lies behind the text. */
function characterOffset(sql: string, byteOffset: number): number | null {
  const bytes = Buffer.from(sql, 'utf8')
  if (!(byteOffset >= 0 && byteOffset < bytes.length)) return null
  return bytes.length === sql.length ? byteOffset : bytes.subarray(0, byteOffset).toString('utf8').length
}

function spanOfToken(sql: string, start: number): SourceSpan {
  const token =
    /^(?:[\p{L}\p{N}_$.]+|"(?:[^"]|"")*"|'(?:[^']|'')*'|.|$)/su.exec(sql.slice(start, start + 256))?.[0] ?? ''
  return spanAt('statement.sql', sql, start, start + token.length)
}

/** DuckDB's way to show a place: `LINE 2: select nope` and a caret beneath, long lines cut on both sides. */
function excerpt(sql: string, at: SourceSpan): string {
  const lineStart = at.start - at.column + 1
  const lineEnd = /[\r\n]|$/.exec(sql.slice(at.start))!.index + at.start
  const before = [...sql.slice(lineStart, at.start)]
  const behind = [...sql.slice(at.start, lineEnd)]
  let cutBefore = before.length
  let width = 0
  while (cutBefore > 0 && width + cellWidth(before[cutBefore - 1]!) < SHOWN_WIDTH / 2)
    width += cellWidth(before[--cutBefore]!)
  let shownBehind = 0
  // The character at the place counts twice once the line is cut before it.
  let fullWidth = cutBefore > 0 ? width + 1 : width
  while (shownBehind < behind.length && fullWidth + cellWidth(behind[shownBehind]!) < SHOWN_WIDTH) {
    fullWidth += cellWidth(behind[shownBehind++]!)
  }
  const prefix = `LINE ${at.line}: ${cutBefore > 0 ? '...' : ''}`
  const line = before.slice(cutBefore).join('') + behind.slice(0, shownBehind).join('')
  const suffix = shownBehind < behind.length ? '...' : ''
  return `${prefix}${line}${suffix}\n${' '.repeat(prefix.length + width)}^`
}

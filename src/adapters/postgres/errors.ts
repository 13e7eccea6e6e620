import pg from 'pg'
import { diagnostic, PlumbError } from '../../core/diagnostic.js'
import { type SourceSpan, spanAt } from '../../core/source-span.js'
import { cellWidth } from '../cell-width.js'

/** How wide a line the server's place is shown in, and how much of it stays behind the place. */
const SHOWN_WIDTH = 60
const KEPT_BEHIND = 10

/** SQLSTATE of a statement that was cancelled. */
const QUERY_CANCELED = '57014'

/**
 * A driver's error as ours: the message as psql shows it (line and caret, DETAIL, HINT, CONTEXT), the place in `sql`
 * when the server gives one.
 */
export function databaseError(error: unknown, sql: string): PlumbError {
  if (error instanceof PlumbError) return error
  if (!(error instanceof pg.DatabaseError)) {
    const message = error instanceof Error ? error.message : String(error)
    return new PlumbError(diagnostic('database', 'database-error', message), error)
  }
  const at = placeOf(error, sql)
  const lines = [error.message]
  if (at !== undefined) lines.push(excerpt(sql, at))
  else if (error.internalQuery !== undefined) lines.push(`QUERY:  ${error.internalQuery}`)
  if (error.detail !== undefined) lines.push(`DETAIL:  ${error.detail}`)
  if (error.hint !== undefined) lines.push(`HINT:  ${error.hint}`)
  if (error.where !== undefined) lines.push(`CONTEXT:  ${error.where}`)
  const code = error.code === QUERY_CANCELED ? 'query-cancelled' : 'database-error'
  return new PlumbError(
    diagnostic('database', code, lines.join('\n'), at === undefined ? {} : { at, sourceText: sql }),
    error,
  )
}

/** The server counts characters from 1. */
function placeOf(error: pg.DatabaseError, sql: string): SourceSpan | undefined {
  const position = Number(error.position)
  if (!(position > 0)) return undefined
  let start = 0
  for (let left = position - 1; left > 0 && start < sql.length; left--)
    start += sql.codePointAt(start)! > 0xffff ? 2 : 1
  const token =
    /^(?:[\p{L}\p{N}_$]+|"(?:[^"]|"")*"|'(?:[^']|'')*'|.|$)/su.exec(sql.slice(start, start + 256))?.[0] ?? ''
  return spanAt('statement.sql', sql, start, start + token.length)
}

/** libpq's way to show a place: `LINE 2: select nope` and a caret beneath. */
function excerpt(sql: string, at: SourceSpan): string {
  const lineStart = at.start - at.column + 1
  const lineEnd = /[\r\n]|$/.exec(sql.slice(at.start))!.index + at.start
  const line = [...sql.slice(lineStart, lineEnd).replaceAll('\t', ' ')]
  const place = [...sql.slice(lineStart, at.start)].length
  let from = 0
  let to = line.length
  if (to > SHOWN_WIDTH) {
    if (SHOWN_WIDTH >= place + KEPT_BEHIND) to = SHOWN_WIDTH
    else {
      to = Math.min(to, place + KEPT_BEHIND)
      from = Math.max(0, to - SHOWN_WIDTH)
    }
  }
  const prefix = `LINE ${at.line}: ${from > 0 ? '...' : ''}`
  const suffix = to < line.length ? '...' : ''
  const shown = line.slice(from, to)
  const indent = shown.slice(0, place - from).reduce((width, character) => width + cellWidth(character), prefix.length)
  return `${prefix}${shown.join('')}${suffix}\n${' '.repeat(indent)}^`
}

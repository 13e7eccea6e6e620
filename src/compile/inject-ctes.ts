import type { InjectedCte } from '../manifest/index.js'

/** Where CTEs go into a statement, and what is written around them. */
interface InjectionPoint {
  readonly offset: number
  readonly before: string
  readonly after: string
}

/** What precedes a statement's first word: blanks and comments of either kind. */
const BLANK_OR_COMMENT = /(?:\s+|--[^\n]*(?:\n|$)|#\s[^\n]*(?:\n|$)|\/\*[\s\S]*?\*\/)*/y
const WITH = /with(?![\w$])/iy
const RECURSIVE = /recursive(?![\w$])/iy

/** Text of one CTE as it is injected and kept in `extra_ctes`. */
export function cteText(name: string, sql: string): string {
  return ` ${name} as (\n${sql}\n)`
}

/** Adds a CTE unless one of that id is there, then its text is renewed. One without text is left out. */
export function addCte(ctes: InjectedCte[], cte: InjectedCte): void {
  if (cte.sql === '') return
  const known = ctes.find(({ id }) => id === cte.id)
  if (known === undefined) ctes.push(cte)
  else known.sql = cte.sql
}

export interface Injection {
  readonly sql: string
  /** Where in the statement the CTEs were put, and how much longer it became: maps places back. */
  readonly offset: number
  readonly length: number
}

/**
 * Puts CTEs before a query, byte for byte as dbt does: behind `with` (and `recursive`) when the query begins with one,
 * else behind a `with` of their own in front of the first word or comment.
 */
export function injectCtes(query: string, ctes: readonly InjectedCte[]): Injection {
  if (ctes.length === 0) return { sql: query, offset: 0, length: 0 }
  // dbt ends the statement with the line of its semicolon.
  const sql = query.replace(/(;[ \t]*)\n\s*$/, '$1')
  const { offset, before, after } = injectionPoint(sql)
  const injected = `${before}${ctes.map((cte) => cte.sql).join(', ')}${after}`
  return { sql: sql.slice(0, offset) + injected + sql.slice(offset), offset, length: injected.length }
}

function injectionPoint(sql: string): InjectionPoint {
  const start = skip(sql, 0)
  const behindWith = wordEnd(sql, start, WITH)
  if (behindWith === -1) return { offset: firstInk(sql, 0), before: 'with', after: ' ' }
  const next = firstInk(sql, behindWith)
  const behindRecursive = wordEnd(sql, next, RECURSIVE)
  return { offset: firstInk(sql, behindRecursive === -1 ? behindWith : behindRecursive), before: '', after: ', ' }
}

/** Offset behind blanks and comments. */
function skip(sql: string, from: number): number {
  BLANK_OR_COMMENT.lastIndex = from
  BLANK_OR_COMMENT.exec(sql)
  return BLANK_OR_COMMENT.lastIndex
}

/** Offset of the first character that is not blank; comments count. */
function firstInk(sql: string, from: number): number {
  const blanks = /\s*/y
  blanks.lastIndex = from
  blanks.exec(sql)
  return blanks.lastIndex
}

/** Offset behind the word at `from`, or -1 when another stands there. */
function wordEnd(sql: string, from: number, word: RegExp): number {
  word.lastIndex = from
  return word.test(sql) ? word.lastIndex : -1
}

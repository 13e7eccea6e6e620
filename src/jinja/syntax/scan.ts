import type { OperatorType } from './token.js'

// The inner loops of the lexer, by character code: regular expressions only for what is not ASCII.

const UNICODE_SPACE = /\s*/y
const UNICODE_NAME = /[\p{L}\p{M}\p{N}\p{Pc}·]*/uy
const ASCII_LIMIT = 128

function restOf(pattern: RegExp, source: string, at: number): number {
  pattern.lastIndex = at
  pattern.test(source)
  return pattern.lastIndex
}

/** Where the whitespace at `at` ends. */
export function skipSpace(source: string, at: number): number {
  let end = at
  for (;;) {
    const code = source.charCodeAt(end)
    if (code === 32 || (code >= 9 && code <= 13)) end++
    else return code >= ASCII_LIMIT ? restOf(UNICODE_SPACE, source, end) : end
  }
}

/** Where the name at `at` ends; `at` itself when there is none. */
export function scanName(source: string, at: number): number {
  let end = at
  for (;;) {
    const code = source.charCodeAt(end)
    const isWord =
      (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || code === 95 || (code >= 48 && code <= 57)
    if (isWord) end++
    else return code >= ASCII_LIMIT ? restOf(UNICODE_NAME, source, end) : end
  }
}

const DOUBLE: Readonly<Record<string, OperatorType>> = {
  '/': '//',
  '*': '**',
}
const WITH_EQUALS: Readonly<Record<string, OperatorType>> = {
  '=': '==',
  '!': '!=',
  '>': '>=',
  '<': '<=',
}
const SINGLE: ReadonlySet<string> = new Set('-+/*%~[](){}><=.:|,;')

/** The operator at `at`, the longest there is. */
export function operatorAt(source: string, at: number): OperatorType | undefined {
  const character = source[at]
  if (character === undefined) return undefined
  const next = source[at + 1]
  if (next === '=') {
    const compared = WITH_EQUALS[character]
    if (compared !== undefined) return compared
  } else if (next === character) {
    const doubled = DOUBLE[character]
    if (doubled !== undefined) return doubled
  }
  return SINGLE.has(character) ? (character as OperatorType) : undefined
}

/** Where the end of a tag (`%}` or `}}`, with its whitespace control) at `at` ends, or -1. */
export function tagEndAt(source: string, at: number, inside: 'block' | 'variable'): number {
  const mark = inside === 'block' ? 37 : 125
  const first = source.charCodeAt(at)
  if (first === mark) return source.charCodeAt(at + 1) === 125 ? at + 2 : -1
  const strips = first === 45
  if (!strips && (first !== 43 || inside !== 'block')) return -1
  if (source.charCodeAt(at + 1) !== mark || source.charCodeAt(at + 2) !== 125) return -1
  return strips ? skipSpace(source, at + 3) : at + 3
}

import { PyFloat } from '../values/float.js'
import type { Value } from '../values/value.js'
import { operatorAt, scanName, skipSpace, tagEndAt } from './scan.js'
import { type SourceText, syntaxError } from './source-text.js'
import { unescapeString } from './string-literal.js'
import type { OperatorType, Token, TokenType } from './token.js'

const RAW_BEGIN = /\{%[-+]?\s*raw\s*(?:-%\}\s*|%\})/y
const RAW_END = /\{%([-+]?)\s*endraw\s*(?:\+%\}|-%\}\s*|%\})/g
const COMMENT_END = /\+#\}|-#\}\s*|#\}/g
const FLOAT = /(?:\d+_)*\d+(?:(?:\.(?:\d+_)*\d+)?e[+-]?(?:\d+_)*\d+|\.(?:\d+_)*\d+)/iy
const INTEGER = /0b(?:_?[01])+|0o(?:_?[0-7])+|0x(?:_?[\da-f])+|[1-9](?:_?\d)*|0(?:_?0)*/iy
const IDENTIFIER_START = /^[\p{L}\p{Nl}_]/u
const STRING = /'[^'\\]*(?:\\[\s\S][^'\\]*)*'|"[^"\\]*(?:\\[\s\S][^"\\]*)*"/y
const CLOSING: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}' }

/**
 * Reads a template's tokens one after another. Inside `{{ }}` and `{% %}` brackets are balanced, so that `}}` inside a
 * dict does not end the tag; `{%-`/`-%}` strip the neighbouring text; one newline at the very end is dropped.
 */
export class Lexer {
  readonly #text: SourceText
  readonly #source: string
  readonly #end: number
  #at = 0
  #inside: 'data' | 'variable' | 'block' = 'data'
  readonly #brackets: string[] = []
  /** The begin token of the tag the last data token stopped at. */
  #pending: Token | undefined

  constructor(text: SourceText) {
    this.#text = text
    this.#source = text.source
    this.#end = endWithoutNewline(text.source)
  }

  next(): Token {
    if (this.#pending) {
      const token = this.#pending
      this.#pending = undefined
      return token
    }
    return this.#inside === 'data' ? this.#nextData() : this.#nextInside()
  }

  #nextData(): Token {
    const source = this.#source
    for (;;) {
      const start = this.#at
      if (start >= this.#end) return token('eof', '', this.#end, this.#end)
      const open = this.#findTag(start)
      if (open === -1) {
        this.#at = this.#end
        return token('data', newlines(source.slice(start, this.#end)), start, this.#end)
      }
      const sign = source[open + 2]
      const text = source.slice(start, open)
      const data = token('data', newlines(sign === '-' ? text.trimEnd() : text), start, open)
      RAW_BEGIN.lastIndex = open
      const kind = source[open + 1]
      if (kind === '#') this.#skipComment(open)
      else if (kind === '%' && RAW_BEGIN.test(source)) {
        const raw = this.#readRaw(RAW_BEGIN.lastIndex, open)
        if (data.text === '') return raw
        this.#pending = raw
        return data
      } else {
        this.#inside = kind === '%' ? 'block' : 'variable'
        this.#at = open + (sign === '-' || sign === '+' ? 3 : 2)
        const begin = token(kind === '%' ? 'block_begin' : 'variable_begin', '', open, this.#at)
        if (data.text === '') return begin
        this.#pending = begin
        return data
      }
      if (data.text !== '') return data
    }
  }

  #findTag(from: number): number {
    const source = this.#source
    for (let at = source.indexOf('{', from); at !== -1 && at + 1 < this.#end; at = source.indexOf('{', at + 1)) {
      const next = source.charCodeAt(at + 1)
      if (next === 123 || next === 37 || next === 35) return at
    }
    return -1
  }

  #skipComment(open: number): void {
    const sign = this.#source[open + 2]
    COMMENT_END.lastIndex = open + (sign === '-' || sign === '+' ? 3 : 2)
    if (!COMMENT_END.test(this.#source)) throw syntaxError(this.#text, 'Missing end of comment tag', open, open + 2)
    this.#at = COMMENT_END.lastIndex
  }

  #readRaw(from: number, open: number): Token {
    RAW_END.lastIndex = from
    const close = RAW_END.exec(this.#source)
    if (!close) throw syntaxError(this.#text, 'Missing end of raw directive', open, from)
    this.#at = RAW_END.lastIndex
    const text = this.#source.slice(from, close.index)
    return token('data', newlines(close[1] === '-' ? text.trimEnd() : text), from, close.index)
  }

  #nextInside(): Token {
    const source = this.#source
    const start = skipSpace(source, this.#at)
    this.#at = start
    if (start >= this.#end) return token('eof', '', this.#end, this.#end)
    const inside = this.#inside === 'block' ? 'block' : 'variable'
    const tagEnd = this.#brackets.length === 0 ? tagEndAt(source, start, inside) : -1
    if (tagEnd !== -1) {
      this.#inside = 'data'
      this.#at = tagEnd
      return token(inside === 'block' ? 'block_end' : 'variable_end', '', start, start + 2)
    }
    const first = source.charCodeAt(start)
    if (first >= 48 && first <= 57) return this.#number(start)
    if (first === 39 || first === 34) return this.#string(start)
    const nameEnd = scanName(source, start)
    if (nameEnd > start) return this.#name(start, nameEnd)
    const operator = operatorAt(source, start)
    if (operator === undefined) throw this.#unexpectedCharacter(start)
    return this.#operator(operator, start)
  }

  #name(start: number, end: number): Token {
    const name = this.#source.slice(start, end)
    if (name.charCodeAt(0) >= 128 && !IDENTIFIER_START.test(name))
      throw syntaxError(this.#text, 'Invalid character in identifier', start, end)
    this.#at = end
    return token('name', name, start, end)
  }

  #number(start: number): Token {
    const source = this.#source
    const floatEnd = source[start - 1] === '.' ? -1 : match(FLOAT, source, start)
    if (floatEnd !== -1) {
      this.#at = floatEnd
      const digits = source.slice(start, floatEnd)
      return token('float', digits, start, floatEnd, new PyFloat(Number(digits.replaceAll('_', ''))))
    }
    const end = match(INTEGER, source, start)
    this.#at = end
    const digits = source.slice(start, end)
    return token('integer', digits, start, end, integer(digits.replaceAll('_', '')))
  }

  #string(start: number): Token {
    const end = match(STRING, this.#source, start)
    if (end === -1) throw this.#unexpectedCharacter(start)
    const body = newlines(this.#source.slice(start + 1, end - 1))
    const value = unescapeString(body)
    if (typeof value !== 'string') throw syntaxError(this.#text, value.message, start + 1 + value.at, end - 1)
    this.#at = end
    return token('string', value, start, end, value)
  }

  #operator(text: OperatorType, start: number): Token {
    const end = start + text.length
    const closing = CLOSING[text]
    if (closing !== undefined) this.#brackets.push(closing)
    else if (text === ')' || text === ']' || text === '}') {
      const expected = this.#brackets.pop()
      if (expected === undefined) throw syntaxError(this.#text, `unexpected '${text}'`, start, end)
      if (expected !== text) throw syntaxError(this.#text, `unexpected '${text}', expected '${expected}'`, start, end)
    }
    this.#at = end
    return token(text, text, start, end)
  }

  #unexpectedCharacter(at: number): Error {
    const character = this.#source[at]!
    const hint = character === "'" || character === '"' ? 'this string is not closed' : undefined
    const shown = character === "'" ? `"'"` : `'${character}'`
    return syntaxError(this.#text, `unexpected char ${shown} at ${at}`, at, at + 1, hint)
  }
}

function endWithoutNewline(source: string): number {
  if (source.endsWith('\r\n')) return source.length - 2
  return source.endsWith('\n') || source.endsWith('\r') ? source.length - 1 : source.length
}

function token(type: TokenType, text: string, start: number, end: number, value: Value = text): Token {
  return { type, text, value, start, end }
}

/** Where a sticky pattern's match at `at` ends, or -1. */
function match(pattern: RegExp, source: string, at: number): number {
  pattern.lastIndex = at
  return pattern.test(source) ? pattern.lastIndex : -1
}

function newlines(text: string): string {
  return text.includes('\r') ? text.replace(/\r\n?/g, '\n') : text
}

function integer(digits: string): number | bigint {
  const value = Number(digits)
  return Number.isSafeInteger(value) ? value : BigInt(digits)
}

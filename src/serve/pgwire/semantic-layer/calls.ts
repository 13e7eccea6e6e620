import { refuse, SQLSTATE } from '../protocol/wire-error.js'
import { type CallArguments, readArguments } from './call-reader.js'

/** A call of `semantic_layer` in a statement. */
export interface SemanticCall {
  /** The relation's name that stands in its place. */
  readonly placeholder: string
  readonly method: string
  readonly args: CallArguments
  /** 0-based, in bytes. */
  readonly location: number
}

export interface ReplacedCalls {
  readonly text: string
  readonly calls: readonly SemanticCall[]
}

/** What is no code: strings, quoted names, comments, dollar-quoted strings. */
const OPAQUE = /'(?:[^']|'')*'|"(?:[^"]|"")*"|--[^\n]*|\/\*[\s\S]*?\*\/|\$(\w*)\$[\s\S]*?\$\1\$/y
const OPENING = /\{\{-?\s*(?:semantic_layer\s*\.\s*)?(\w+)\s*(?=\()/iy
const BARE = /semantic_layer\s*\.\s*(\w+)\s*(?=\()/iy

/**
 * Finds calls like `{{ semantic_layer.query(metrics=['revenue']) }}` and `semantic_layer.metrics()`, and puts a
 * relation's name of the same length in their place, so that the rest is plain SQL and places stay right.
 */
export function replaceCalls(text: string): ReplacedCalls {
  if (!/semantic_layer|\{\{/i.test(text)) return { text, calls: [] }
  const calls: SemanticCall[] = []
  let written = ''
  let at = 0
  while (at < text.length) {
    OPAQUE.lastIndex = at
    const opaque = OPAQUE.exec(text)
    if (opaque !== null) {
      written += opaque[0]
      at += opaque[0].length
      continue
    }
    const sign = text[at]!
    const braced = sign === '{' && text[at + 1] === '{'
    const bare = (sign === 's' || sign === 'S') && !/[\w.]/.test(text[at - 1] ?? '')
    if (!braced && !bare) {
      written += sign
      at++
      continue
    }
    const location = Buffer.byteLength(text.slice(0, at))
    const pattern = braced ? OPENING : BARE
    pattern.lastIndex = at
    const match = pattern.exec(text)
    if (match === null) {
      if (braced) refuse(SQLSTATE.syntaxError, 'only calls of semantic_layer are possible within {{ }}', { location })
      written += sign
      at++
      continue
    }
    const opened = at + match[0].length
    const { args, end } = readArguments(text, opened, 0)
    const close = braced ? closing(text, end, location) : end
    const placeholder = `plumbcall_${calls.length}`
    calls.push({ placeholder, method: match[1]!.toLowerCase(), args, location })
    // Any text here is longer than the name; the blanks keep every later place where it was.
    written += placeholder + ' '.repeat(Math.max(0, close - at - placeholder.length))
    at = close
  }
  return { text: written, calls }
}

function closing(text: string, from: number, location: number): number {
  const match = /\s*-?\}\}/y
  match.lastIndex = from
  const found = match.exec(text)
  return found === null ? refuse(SQLSTATE.syntaxError, 'a {{ has no }}', { location }) : from + found[0].length
}

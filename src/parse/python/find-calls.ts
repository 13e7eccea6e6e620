import type { Value } from '../../jinja/index.js'
import { readLiteral } from './literals.js'
import { type PythonToken, pythonTokens } from './tokens.js'

/** A call of one of dbt's functions in a Python model. */
export interface PythonCall {
  readonly name: 'ref' | 'source' | 'config' | 'get' | 'meta_get'
  /** Undefined when an argument is computed. */
  readonly args: Value[] | undefined
  readonly kwargs: { [name: string]: Value } | undefined
  readonly offset: number
}

const FUNCTIONS: { readonly [path: string]: PythonCall['name'] } = {
  'dbt.ref': 'ref',
  'dbt.source': 'source',
  'dbt.config': 'config',
  'dbt.config.get': 'get',
  'dbt.config.meta_get': 'meta_get',
}

/** The calls of dbt's functions, in the order dbt meets them: in a chain of calls the last one's arguments first. */
export function findCalls(tokens: readonly PythonToken[]): PythonCall[] {
  const found: PythonCall[] = []
  collect(tokens, 0, tokens.length, found)
  return found
}

function collect(tokens: readonly PythonToken[], from: number, to: number, found: PythonCall[]): void {
  for (let at = from; at < to; ) {
    const token = tokens[at]!
    if (token.kind === 'f-string') {
      collectFormatted(token, found)
      at++
    } else if (token.kind === 'name' && tokens[at - 1]?.text !== '.') at = chain(tokens, at, to, found)
    else at++
  }
}

/** A name and what follows it: attributes, calls, indexes. Returns the token behind it. */
function chain(tokens: readonly PythonToken[], from: number, to: number, found: PythonCall[]): number {
  let path: string | undefined = tokens[from]!.text
  let at = from + 1
  const groups: { readonly open: number; readonly close: number; readonly path: string | undefined }[] = []
  for (;;) {
    const token = at < to ? tokens[at] : undefined
    if (token?.text === '.' && tokens[at + 1]?.kind === 'name') {
      path = path === undefined ? undefined : `${path}.${tokens[at + 1]!.text}`
      at += 2
    } else if (token?.text === '(' || token?.text === '[') {
      const close = closing(tokens, at)
      groups.push({ open: at, close, path: token.text === '(' ? path : undefined })
      path = undefined
      at = close + 1
    } else break
  }
  for (const group of groups.reverse()) {
    const name = group.path === undefined ? undefined : FUNCTIONS[group.path]
    if (name !== undefined) found.push(readCall(tokens, group.open, group.close, name))
    collect(tokens, group.open + 1, group.close, found)
  }
  return at
}

function closing(tokens: readonly PythonToken[], open: number): number {
  let depth = 0
  for (let i = open; i < tokens.length; i++) {
    const { text, kind } = tokens[i]!
    if (kind !== 'op') continue
    if ('([{'.includes(text)) depth++
    else if (')]}'.includes(text) && --depth === 0) return i
  }
  return tokens.length - 1
}

function readCall(tokens: readonly PythonToken[], open: number, close: number, name: PythonCall['name']): PythonCall {
  const args: Value[] = []
  const kwargs: { [name: string]: Value } = {}
  const offset = tokens[open]!.start
  for (let at = open + 1; at < close; ) {
    const keyword = tokens[at]!.kind === 'name' && tokens[at + 1]?.text === '=' ? tokens[at]!.text : undefined
    const literal = readLiteral(tokens, keyword === undefined ? at : at + 2)
    const end = literal === undefined ? undefined : tokens[literal.next]?.text
    if (literal === undefined || (end !== ',' && literal.next !== close)) {
      return { name, args: undefined, kwargs: undefined, offset }
    }
    if (keyword === undefined) args.push(literal.value)
    else kwargs[keyword] = literal.value
    at = literal.next + 1
  }
  return { name, args, kwargs, offset }
}

/** `f"... {dbt.config.get('x')} ..."` */
function collectFormatted(token: PythonToken, found: PythonCall[]): void {
  for (const [, expression] of token.text.matchAll(/\{([^{}]*)\}/g)) {
    if (!expression!.includes('dbt.')) continue
    const inner = pythonTokens(expression!)
    collect(inner, 0, inner.length, found)
  }
}

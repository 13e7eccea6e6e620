import { PyFloat, type Value } from '../../jinja/index.js'
import type { PythonToken } from './tokens.js'

/** Reads a literal that begins at a token, as `ast.literal_eval` would; undefined when it is none. */
export function readLiteral(
  tokens: readonly PythonToken[],
  from: number,
): { readonly value: Value; readonly next: number } | undefined {
  const token = tokens[from]
  if (token === undefined) return undefined
  switch (token.kind) {
    case 'string': {
      let value = ''
      let at = from
      while (tokens[at]?.kind === 'string') value += stringValue(tokens[at++]!.text)
      return { value, next: at }
    }
    case 'number':
      return { value: numberValue(token.text), next: from + 1 }
    case 'name':
      if (token.text === 'True') return { value: true, next: from + 1 }
      if (token.text === 'False') return { value: false, next: from + 1 }
      return token.text === 'None' ? { value: null, next: from + 1 } : undefined
    case 'op':
      if (token.text === '-' || token.text === '+') return signed(tokens, from, token.text === '-' ? -1 : 1)
      if (token.text === '[' || token.text === '(') return sequence(tokens, from)
      return token.text === '{' ? mapping(tokens, from) : undefined
    default:
      return undefined
  }
}

type Read = ReturnType<typeof readLiteral>

function signed(tokens: readonly PythonToken[], from: number, sign: number): Read {
  const operand = readLiteral(tokens, from + 1)
  if (operand === undefined) return undefined
  if (typeof operand.value === 'number') return { value: operand.value * sign, next: operand.next }
  if (operand.value instanceof PyFloat) return { value: new PyFloat(operand.value.value * sign), next: operand.next }
  return undefined
}

function sequence(tokens: readonly PythonToken[], from: number): Read {
  const close = tokens[from]!.text === '[' ? ']' : ')'
  const items: Value[] = []
  let at = from + 1
  let commas = 0
  while (tokens[at]?.text !== close) {
    const item = readLiteral(tokens, at)
    if (item === undefined) return undefined
    items.push(item.value)
    at = item.next
    if (tokens[at]?.text === ',') {
      commas++
      at++
    } else if (tokens[at]?.text !== close) return undefined
  }
  // A value in parentheses is that value.
  const grouped = close === ')' && commas === 0 && items.length === 1
  return { value: grouped ? items[0] : items, next: at + 1 }
}

function mapping(tokens: readonly PythonToken[], from: number): Read {
  const out: { [key: string]: Value } = {}
  let at = from + 1
  while (tokens[at]?.text !== '}') {
    const key = readLiteral(tokens, at)
    if (key === undefined || tokens[key.next]?.text !== ':') return undefined
    const value = readLiteral(tokens, key.next + 1)
    if (value === undefined) return undefined
    out[String(key.value)] = value.value
    at = value.next
    if (tokens[at]?.text === ',') at++
    else if (tokens[at]?.text !== '}') return undefined
  }
  return { value: out, next: at + 1 }
}

function numberValue(text: string): Value {
  const plain = text.replaceAll('_', '')
  const value = Number(plain)
  return /^0[xXoObB]/.test(plain) || /^\d+$/.test(plain) ? value : new PyFloat(value)
}

const ESCAPES: Readonly<Record<string, string>> = {
  n: '\n',
  t: '\t',
  r: '\r',
  '0': '\0',
  a: '\x07',
  b: '\b',
  f: '\f',
  v: '\v',
  '\\': '\\',
  "'": "'",
  '"': '"',
  '\n': '',
}

function stringValue(token: string): string {
  const prefix = /^[a-zA-Z]*/.exec(token)![0]
  const quote = token.startsWith('"""', prefix.length) || token.startsWith("'''", prefix.length) ? 3 : 1
  const body = token.slice(prefix.length + quote, -quote)
  if (/r/i.test(prefix) || !body.includes('\\')) return body
  return body.replace(
    /\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|(\r?\n|.))/g,
    (whole, x: string | undefined, u: string | undefined, long: string | undefined, c: string | undefined) => {
      const code = x ?? u ?? long
      if (code !== undefined) return String.fromCodePoint(Number.parseInt(code, 16))
      return ESCAPES[c!.replace('\r', '')] ?? whole
    },
  )
}

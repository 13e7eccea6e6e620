import { PyFloat } from './float.js'
import { functionInfo } from './function-info.js'
import { isHostObject } from './kinds.js'
import { type Mapping, mappingEntries } from './mapping.js'
import { formatFloat } from './numbers.js'
import * as py from './py.js'
import { PySet } from './set.js'
import { PyTuple } from './tuple.js'
import { Undefined } from './undefined.js'
import type { Value } from './value.js'

/** `str(value)`: what `{{ value }}` prints. */
export function toStr(value: Value): string {
  if (typeof value === 'string') return value
  if (typeof value === 'number') return Number.isSafeInteger(value) ? String(value + 0) : formatFloat(value)
  if (value === undefined || value instanceof Undefined) return ''
  if (isHostObject(value)) return value[py.str]?.() ?? toRepr(value)
  return toRepr(value)
}

/** `repr(value)`: what it prints inside a list. */
export function toRepr(value: Value): string {
  switch (typeof value) {
    case 'string':
      return reprString(value)
    case 'number':
      return Number.isSafeInteger(value) ? String(value + 0) : formatFloat(value)
    case 'boolean':
      return value ? 'True' : 'False'
    case 'bigint':
      return String(value)
    case 'undefined':
      return 'Undefined'
    case 'function': {
      const info = functionInfo(value)
      return info ? `<Macro '${info.name}'>` : `<function ${value.name || 'function'}>`
    }
    default:
      return reprObject(value, new Set())
  }
}

function reprObject(value: Value, open: Set<Value>): string {
  if (value === null) return 'None'
  if (typeof value !== 'object') return toRepr(value)
  if (value instanceof PyFloat) return formatFloat(value.value)
  if (value instanceof Undefined) return 'Undefined'
  if (isHostObject(value)) return value[py.repr]?.() ?? value[py.str]?.() ?? `<${value[py.typeName] ?? 'object'}>`
  if (open.has(value)) return Array.isArray(value) ? '[...]' : '{...}'
  open.add(value)
  const inner = (item: Value): string =>
    typeof item === 'object' && item !== null ? reprObject(item, open) : toRepr(item)
  const text = reprContainer(value, inner)
  open.delete(value)
  return text
}

function reprContainer(value: Value, inner: (item: Value) => string): string {
  if (Array.isArray(value)) {
    const items = Array.from(value as readonly Value[], inner).join(', ')
    if (!(value instanceof PyTuple)) return `[${items}]`
    return value.length === 1 ? `(${items},)` : `(${items})`
  }
  if (value instanceof PySet) return value.size === 0 ? 'set()' : `{${Array.from(value, inner).join(', ')}}`
  const pairs: string[] = []
  for (const [key, item] of mappingEntries(value as Mapping)) pairs.push(`${inner(key)}: ${inner(item)}`)
  return `{${pairs.join(', ')}}`
}

const ESCAPES: Readonly<Record<string, string>> = { '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' }
// What Python does not print as it is: controls, separators other than space, unassigned and private characters.
const UNPRINTABLE = /[\\\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}\p{Zs}]/gu

/** `repr` of a string: single quotes unless only those occur inside, escapes where needed. */
export function reprString(value: string): string {
  const quote = value.includes("'") && !value.includes('"') ? '"' : "'"
  let body = value
  if (!/^[ !#-&(-[\]-~]*$/.test(value)) body = value.replace(UNPRINTABLE, escapeCharacter)
  if (quote === "'") body = body.replaceAll("'", "\\'")
  return quote + body + quote
}

function escapeCharacter(character: string): string {
  if (character === ' ') return ' '
  const known = ESCAPES[character]
  if (known !== undefined) return known
  const code = character.codePointAt(0)!
  if (code <= 0xff) return `\\x${code.toString(16).padStart(2, '0')}`
  if (code <= 0xffff) return `\\u${code.toString(16).padStart(4, '0')}`
  return `\\U${code.toString(16).padStart(8, '0')}`
}

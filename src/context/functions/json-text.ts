import { fail } from '../../core/diagnostic.js'
import { isMapping, isUndefined, mappingEntries, PyFloat, toStr, typeName, type Value } from '../../jinja/index.js'

/**
 * `json.dumps(value, sort_keys=...)`: Python's spacing, non-ASCII letters escaped, floats as Python prints them.
 * @throws PlumbError for values JSON has no word for (relations, dates, undefined names).
 */
export function jsonText(value: Value, sortKeys: boolean): string {
  if (value === null) return 'null'
  if (typeof value === 'boolean') return value ? 'true' : 'false'
  if (typeof value === 'string') return jsonString(value)
  if (typeof value === 'number' || typeof value === 'bigint' || value instanceof PyFloat) return jsonNumber(value)
  if (Array.isArray(value)) return `[${Array.from(value as readonly Value[], (v) => jsonText(v, sortKeys)).join(', ')}]`
  if (isMapping(value)) {
    const entries = Array.from(mappingEntries(value), ([key, item]): [string, Value] => [keyText(key), item])
    if (sortKeys) entries.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
    return `{${entries.map(([key, item]) => `${jsonString(key)}: ${jsonText(item, sortKeys)}`).join(', ')}}`
  }
  return fail(
    'compilation',
    'json-type',
    `Object of type ${isUndefined(value) ? 'Undefined' : typeName(value)} is not JSON serializable`,
  )
}

function jsonString(text: string): string {
  return JSON.stringify(text).replace(/[\u007f-\uffff]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`)
}

function jsonNumber(value: number | bigint | PyFloat): string {
  const text = toStr(value)
  if (text === 'inf') return 'Infinity'
  if (text === '-inf') return '-Infinity'
  return text === 'nan' ? 'NaN' : text
}

function keyText(key: Value): string {
  if (typeof key === 'string') return key
  if (key === null || typeof key === 'boolean' || typeof key === 'number' || key instanceof PyFloat) {
    return jsonText(key, false)
  }
  return fail('compilation', 'json-key', `keys must be str, int, float, bool or None, not ${typeName(key)}`)
}

/** `json.loads(text)` as template values; undefined when the text is not JSON. Keeps `1.0` a float. */
export function parseJsonText(text: string): Value {
  try {
    return fromJson(text)
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}

/** JSON.parse with Python's numbers: what is written with a point or an exponent is a float. */
function fromJson(text: string): Value {
  const hasFloats = /[0-9](?:\.[0-9]|[eE][+-]?[0-9])|[0-9]{16}|NaN|Infinity/.test(text)
  if (!hasFloats) return JSON.parse(text) as Value
  const marked = text.replace(
    /"(?:[^"\\]|\\.)*"|-?(?:NaN|Infinity|[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?)/g,
    (token) => (token.startsWith('"') || /^-?[0-9]{1,15}$/.test(token) ? token : `{"${FLOAT_MARK}":"${token}"}`),
  )
  return JSON.parse(marked, (_key, item: unknown) => {
    if (typeof item !== 'object' || item === null || !(FLOAT_MARK in item)) return item
    const number = String(item[FLOAT_MARK])
    return /^-?[0-9]+$/.test(number) ? BigInt(number) : new PyFloat(Number(number))
  }) as Value
}

const FLOAT_MARK = '__number__'

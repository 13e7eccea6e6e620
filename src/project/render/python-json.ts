import { isMapping, mappingEntries, PyFloat, pyError, toStr, typeName, type Value } from '../../jinja/index.js'

/**
 * `json.dumps(value)` of Python: a blank after `,` and `:`, everything beyond ASCII escaped, floats with their dot.
 * @throws PlumbError, Python's TypeError, for what JSON cannot hold.
 */
export function pythonJson(value: Value, options: { sortKeys: boolean } = { sortKeys: false }): string {
  if (value === null) return 'null'
  switch (typeof value) {
    case 'boolean':
      return value ? 'true' : 'false'
    case 'string':
      return quote(value)
    case 'number':
    case 'bigint':
      return toStr(value)
    case 'object':
      return compound(value, options)
    default:
      throw notSerializable(value)
  }
}

function compound(value: NonNullable<object & Value>, options: { sortKeys: boolean }): string {
  if (value instanceof PyFloat) return float(value.value)
  if (Array.isArray(value)) return `[${value.map((item: Value) => pythonJson(item, options)).join(', ')}]`
  if (!isMapping(value)) throw notSerializable(value)
  const entries = [...mappingEntries(value)].map(([key, item]): [string, Value] => [keyText(key), item])
  if (options.sortKeys) entries.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
  return `{${entries.map(([key, item]) => `${quote(key)}: ${pythonJson(item, options)}`).join(', ')}}`
}

function notSerializable(value: Value): Error {
  return pyError('TypeError', `Object of type ${typeName(value)} is not JSON serializable`)
}

function float(value: number): string {
  if (Number.isNaN(value)) return 'NaN'
  if (!Number.isFinite(value)) return value > 0 ? 'Infinity' : '-Infinity'
  return toStr(new PyFloat(value))
}

function keyText(key: Value): string {
  if (typeof key === 'string') return key
  if (key === null || typeof key === 'boolean' || typeof key === 'number' || key instanceof PyFloat) {
    return pythonJson(key)
  }
  throw pyError('TypeError', `keys must be str, int, float, bool or None, not ${typeName(key)}`)
}

function quote(text: string): string {
  return JSON.stringify(text).replace(/[\u007f-\uffff]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`)
}

const FLOAT_TOKEN = /^-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?$/

/** `json.loads`: like JSON.parse, but `1.0` stays a float and huge integers stay exact. Throws a SyntaxError. */
export function parseJson(text: string): Value {
  const numbers: Value[] = []
  const marked = text.replace(/"(?:\\.|[^"\\])*"|-?\d[\d.eE+-]*/g, (token) => {
    if (token.startsWith('"') || !FLOAT_TOKEN.test(token)) return token
    const value = Number(token)
    const exact = /[.eE]/.test(token)
      ? Number.isInteger(value)
        ? new PyFloat(value)
        : undefined
      : Number.isSafeInteger(value)
        ? undefined
        : BigInt(token)
    if (exact === undefined) return token
    numbers.push(exact)
    return `{"\\u0000":${numbers.length - 1}}`
  })
  if (numbers.length === 0) return JSON.parse(text) as Value
  return JSON.parse(marked, (_key, value: unknown) => {
    if (value === null || typeof value !== 'object' || !('\u0000' in value)) return value
    return numbers[Number(value['\u0000'])]
  }) as Value
}

/**
 * Python's `==` on values as JSON has them: order of keys does not matter, order of lists does, and True is 1.
 * With `absentIsNull`, a missing key equals null: so records compare that dbt reads into classes with defaults.
 */
export function sameValue(one: unknown, other: unknown, absentIsNull = false): boolean {
  const a = asJson(one)
  const b = asJson(other)
  if (a === b) return true
  if (absentIsNull && isAbsent(a) && isAbsent(b)) return true
  if (isNumeric(a) && isNumeric(b)) return Number(a) === Number(b)
  if (Array.isArray(a)) {
    return Array.isArray(b) && a.length === b.length && a.every((item, i) => sameValue(item, b[i], absentIsNull))
  }
  if (!isRecord(a) || !isRecord(b)) return false
  const keys = new Set([...Object.keys(a), ...Object.keys(b)])
  for (const key of keys) {
    if (!absentIsNull && !(key in a && key in b)) return false
    if (!sameValue(a[key], b[key], absentIsNull)) return false
  }
  return true
}

/** Equality of records that dbt keeps as classes: owners, thresholds, dimensions. */
export function sameRecord(a: unknown, b: unknown): boolean {
  return sameValue(a, b, true)
}

/** What becomes of a value when it is written: Python's floats and dates are objects until then. */
function asJson(value: unknown): unknown {
  const isObject = typeof value === 'object' && value !== null
  return isObject && 'toJSON' in value && typeof value.toJSON === 'function' ? value.toJSON() : value
}

function isAbsent(value: unknown): boolean {
  return value === undefined || value === null
}

/** Integers beyond 2^53 are exact here, and as near as JSON came to them in what was read. */
function isNumeric(value: unknown): value is number | boolean | bigint {
  return typeof value === 'number' || typeof value === 'boolean' || typeof value === 'bigint'
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return value !== null && typeof value === 'object' && !Array.isArray(value)
}

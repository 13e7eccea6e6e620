/**
 * Python's `==` on values as JSON has them: order of keys does not matter, order of lists does, and True is 1.
 * With `absentIsNull`, a missing key equals null: so records compare that dbt reads into classes with defaults.
 */
export function sameValue(a: unknown, b: unknown, absentIsNull = false): boolean {
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

function isAbsent(value: unknown): boolean {
  return value === undefined || value === null
}

function isNumeric(value: unknown): value is number | boolean {
  return typeof value === 'number' || typeof value === 'boolean'
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return value !== null && typeof value === 'object' && !Array.isArray(value)
}

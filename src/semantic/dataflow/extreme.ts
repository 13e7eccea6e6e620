import type { SqlExpr } from '../../sql/plan/expr.js'

/** The smallest or largest of the values of a group; times are cut to their grain once, not row by row. */
export function extremeOf(value: SqlExpr, fn: 'min' | 'max'): SqlExpr {
  const arg = value.kind === 'date-trunc' ? value.arg : value
  const extreme: SqlExpr = { kind: 'aggregate', fn, arg, filter: undefined }
  return value.kind === 'date-trunc' ? { ...value, arg: extreme } : extreme
}

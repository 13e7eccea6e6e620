import { pyEquals } from './equality.js'
import { pyError } from './errors.js'
import { PyFloat } from './float.js'
import { isHostObject, isList, typeName } from './kinds.js'
import { asNumeric } from './numbers.js'
import * as py from './py.js'
import { PySet } from './set.js'
import { PyTuple } from './tuple.js'
import { requireDefined } from './undefined.js'
import type { Value } from './value.js'

export type OrderOperator = '<' | '<=' | '>' | '>='

/** `a < b` and its relatives. Throws Python's TypeError for what has no order. */
export function compareOrder(operator: OrderOperator, a: Value, b: Value): boolean {
  if (typeof a === 'number' && typeof b === 'number') return holds(operator, a < b ? -1 : a > b ? 1 : 0)
  requireDefined(a)
  requireDefined(b)
  const left = asNumeric(a)
  const right = asNumeric(b)
  if (left !== undefined && right !== undefined) {
    const x = left instanceof PyFloat ? left.value : left
    const y = right instanceof PyFloat ? right.value : right
    return operator === '<' ? x < y : operator === '<=' ? x <= y : operator === '>' ? x > y : x >= y
  }
  if (typeof a === 'string' && typeof b === 'string') return holds(operator, compareStrings(a, b))
  if ((isList(a) && isList(b)) || (a instanceof PyTuple && b instanceof PyTuple)) return compareArrays(operator, a, b)
  if (a instanceof PySet && b instanceof PySet) return compareSets(operator, a, b)
  const answer = compareThroughHost(operator, a, b)
  if (answer !== undefined) return answer
  throw pyError('TypeError', `'${operator}' not supported between instances of '${typeName(a)}' and '${typeName(b)}'`)
}

/** -1, 0 or 1 by code points, as Python orders strings. */
export function compareStrings(a: string, b: string): number {
  if (a === b) return 0
  const length = Math.min(a.length, b.length)
  for (let i = 0; i < length; i++) {
    const x = a.charCodeAt(i)
    const y = b.charCodeAt(i)
    if (x === y) continue
    // Surrogates stand for code points above every other unit.
    const astralX = x >= 0xd800 && x <= 0xdfff
    const astralY = y >= 0xd800 && y <= 0xdfff
    if (astralX !== astralY) return astralX ? 1 : -1
    return x < y ? -1 : 1
  }
  return a.length < b.length ? -1 : 1
}

/** Ordering for sorts: by `<` alone, as Python's sort. */
export function lessThan(a: Value, b: Value): boolean {
  return compareOrder('<', a, b)
}

function holds(operator: OrderOperator, order: number): boolean {
  switch (operator) {
    case '<':
      return order < 0
    case '<=':
      return order <= 0
    case '>':
      return order > 0
    case '>=':
      return order >= 0
  }
}

function compareArrays(operator: OrderOperator, a: readonly Value[], b: readonly Value[]): boolean {
  const length = Math.min(a.length, b.length)
  for (let i = 0; i < length; i++) {
    if (!pyEquals(a[i], b[i])) return compareOrder(operator, a[i], b[i])
  }
  return holds(operator, a.length - b.length)
}

function compareSets(operator: OrderOperator, a: PySet, b: PySet): boolean {
  const [small, large] = operator === '<' || operator === '<=' ? [a, b] : [b, a]
  if ((operator === '<' || operator === '>') && small.size === large.size) return false
  for (const item of small) if (!large.has(item)) return false
  return true
}

/** By `py.lt` of either side; undefined when neither knows the other. */
function compareThroughHost(operator: OrderOperator, a: Value, b: Value): boolean | undefined {
  const less = isHostObject(a) ? a[py.lt]?.(b) : undefined
  if (less !== undefined) return fromLess(operator, less, () => pyEquals(a, b))
  const greater = isHostObject(b) ? b[py.lt]?.(a) : undefined
  return greater === undefined ? undefined : fromLess(MIRRORED[operator], greater, () => pyEquals(a, b))
}

const MIRRORED: { readonly [K in OrderOperator]: OrderOperator } = { '<': '>', '<=': '>=', '>': '<', '>=': '<=' }

function fromLess(operator: OrderOperator, less: boolean, equal: () => boolean): boolean {
  switch (operator) {
    case '<':
      return less
    case '>=':
      return !less
    case '<=':
      return less || equal()
    case '>':
      return !less && !equal()
  }
}

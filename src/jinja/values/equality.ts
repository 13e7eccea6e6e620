import { PyFloat } from './float.js'
import { isHostObject, isMapping } from './kinds.js'
import { mappingEntries, mappingGet, mappingHas, mappingSize } from './mapping.js'
import { asNumeric } from './numbers.js'
import * as py from './py.js'
import { PySet } from './set.js'
import { PyTuple } from './tuple.js'
import { isUndefined } from './undefined.js'
import type { Value } from './value.js'

/** `a == b`: numbers across types, containers by their items, host objects by `py.eq`. Never throws. */
export function pyEquals(a: Value, b: Value): boolean {
  if (a === b) return true
  if (typeof a === 'string' || typeof b === 'string') return equalThroughHost(a, b)
  const left = asNumeric(a)
  const right = asNumeric(b)
  if (left !== undefined && right !== undefined) {
    const x = left instanceof PyFloat ? left.value : left
    const y = right instanceof PyFloat ? right.value : right
    return x === y || (typeof x !== typeof y && !(x < y) && !(x > y))
  }
  if (isUndefined(a) || isUndefined(b)) return isUndefined(a) && isUndefined(b)
  if (Array.isArray(a)) return Array.isArray(b) ? equalArrays(a, b) : equalThroughHost(a, b)
  if (a instanceof PySet) return b instanceof PySet && a.size === b.size && Array.from(a).every((item) => b.has(item))
  if (isMapping(a)) {
    if (!isMapping(b)) return equalThroughHost(a, b)
    if (mappingSize(a) !== mappingSize(b)) return false
    for (const [key, value] of mappingEntries(a)) {
      if (!mappingHas(b, key) || !pyEquals(value, mappingGet(b, key))) return false
    }
    return true
  }
  return equalThroughHost(a, b)
}

function equalThroughHost(a: Value, b: Value): boolean {
  if (isHostObject(a) && a[py.eq]) return a[py.eq](b)
  return isHostObject(b) && b[py.eq] ? b[py.eq](a) : false
}

function equalArrays(a: readonly Value[], b: readonly Value[]): boolean {
  if (a.length !== b.length || a instanceof PyTuple !== b instanceof PyTuple) return false
  for (let i = 0; i < a.length; i++) if (!pyEquals(a[i], b[i])) return false
  return true
}

import { PyFloat } from './float.js'
import { isHostObject } from './kinds.js'
import * as py from './py.js'
import { PySet } from './set.js'
import { Undefined } from './undefined.js'
import type { Value } from './value.js'

/** `bool(value)`: empty strings and containers, zero, None, False and what is undefined are false. */
export function truthy(value: Value): boolean {
  switch (typeof value) {
    case 'boolean':
      return value
    case 'string':
      return value.length > 0
    case 'number':
      return value !== 0
    case 'bigint':
      return value !== 0n
    case 'undefined':
      return false
    case 'function':
      return true
    default:
      return value !== null && objectTruth(value as object & Value)
  }
}

function objectTruth(value: object & Value): boolean {
  if (Array.isArray(value)) return value.length > 0
  if (value instanceof Map || value instanceof PySet) return value.size > 0
  if (value instanceof Undefined) return false
  if (value instanceof PyFloat) return value.value !== 0
  if (isHostObject(value)) {
    const bool = value[py.bool]
    if (bool) return bool.call(value)
    const len = value[py.len]
    return len ? len.call(value) > 0 : true
  }
  for (const name in value) if (Object.hasOwn(value, name)) return true
  return false
}

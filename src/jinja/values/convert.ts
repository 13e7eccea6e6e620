import { PyFloat } from './float.js'
import { isHostObject, isMapping } from './kinds.js'
import { mappingEntries } from './mapping.js'
import * as py from './py.js'
import { PySet } from './set.js'
import { toStr } from './text.js'
import { isUndefined } from './undefined.js'
import type { Value } from './value.js'

/**
 * A template value from JSON: arrays and objects copied (objects to Maps), fractional numbers to floats. Only for
 * where a copy is wanted: templates read plain objects as they are.
 */
export function fromJs(json: unknown): Value {
  if (Array.isArray(json)) return json.map(fromJs)
  if (typeof json === 'number') return Number.isSafeInteger(json) ? json : new PyFloat(json)
  if (typeof json !== 'object' || json === null) return json as Value
  if (Object.getPrototypeOf(json) !== Object.prototype && Object.getPrototypeOf(json) !== null) return json as Value
  return new Map(Object.entries(json).map(([key, value]): [Value, Value] => [key, fromJs(value)]))
}

/** Plain JSON-able data from a template value: dicts to objects, tuples and sets to arrays, other objects to text. */
export function toJs(value: Value): unknown {
  if (isUndefined(value)) return undefined
  if (Array.isArray(value)) return Array.from(value as readonly Value[], toJs)
  if (value instanceof PyFloat) return value.value
  if (value instanceof PySet) return Array.from(value, toJs)
  if (typeof value === 'bigint') return Number(value)
  if (typeof value !== 'object' || value === null) return typeof value === 'function' ? toStr(value) : value
  if (isHostObject(value)) return value[py.iter] ? Array.from(value[py.iter](), toJs) : toStr(value)
  if (!isMapping(value)) return toStr(value)
  const object: Record<string, unknown> = {}
  for (const [key, item] of mappingEntries(value)) object[typeof key === 'string' ? key : toStr(key)] = toJs(item)
  return object
}

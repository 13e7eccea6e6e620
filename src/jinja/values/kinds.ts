import { PyFloat } from './float.js'
import * as py from './py.js'
import { PySet } from './set.js'
import { PyTuple } from './tuple.js'
import { Undefined } from './undefined.js'
import type { HostObject, PlainObject, Value, ValueMap } from './value.js'

/** Whether a value is an object of the host with attributes of its own. */
export function isHostObject(value: unknown): value is HostObject {
  return typeof value === 'object' && value !== null && py.getattr in value
}

/** Whether a value is a dict: a Map or a plain object. */
export function isMapping(value: Value): value is ValueMap | PlainObject {
  return value instanceof Map || isPlainObject(value)
}

/** Whether a value is a dict that came from JSON: neither one of our classes nor a host object. */
export function isPlainObject(value: Value): value is PlainObject {
  if (typeof value !== 'object' || value === null) return false
  if (Array.isArray(value) || value instanceof Map) return false
  return !(py.getattr in value || value instanceof PyFloat || value instanceof PySet || value instanceof Undefined)
}

/** Whether a value is a list (and not a tuple). */
export function isList(value: Value): value is Value[] {
  return Array.isArray(value) && !(value instanceof PyTuple)
}

/** Whether a value can be called. */
export function isCallable(value: Value): boolean {
  return typeof value === 'function' || (isHostObject(value) && typeof value[py.call] === 'function')
}

/** `type(value).__name__`, as messages say it. */
export function typeName(value: Value): string {
  switch (typeof value) {
    case 'string':
      return 'str'
    case 'boolean':
      return 'bool'
    case 'bigint':
      return 'int'
    case 'number':
      return Number.isSafeInteger(value) ? 'int' : 'float'
    case 'function':
      return 'function'
    case 'undefined':
      return 'Undefined'
    default:
      return objectTypeName(value as Exclude<Value, undefined>)
  }
}

function objectTypeName(value: Value): string {
  if (value === null) return 'NoneType'
  if (value instanceof PyTuple) return 'tuple'
  if (Array.isArray(value)) return 'list'
  if (value instanceof PyFloat) return 'float'
  if (value instanceof PySet) return 'set'
  if (value instanceof Undefined) return 'Undefined'
  if (isHostObject(value)) return value[py.typeName] ?? value.constructor?.name ?? 'object'
  return 'dict'
}

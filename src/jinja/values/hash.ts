import { pyError } from './errors.js'
import { PyFloat } from './float.js'
import * as py from './py.js'
import { PyTuple } from './tuple.js'
import { Undefined } from './undefined.js'
import type { Value } from './value.js'

/**
 * A key that is the same (in a JS Map) for values Python holds equal: `1`, `1.0` and `True`, equal tuples, equal
 * objects with `py.hash`. Throws a TypeError for what Python cannot hash: lists, dicts, sets.
 */
export function hashKey(value: Value): unknown {
  switch (typeof value) {
    case 'string':
      return 's' + value
    case 'number':
      return value
    case 'boolean':
      return value ? 1 : 0
    case 'bigint':
      return `n${value}`
    case 'object':
      if (value === null) return null
      if (value instanceof PyFloat) return value.value
      if (value instanceof PyTuple) return tupleKey(value)
      if (py.hash in value && typeof value[py.hash] === 'function') return 'h' + value[py.hash]()
      if (py.getattr in value) return value
      if (value instanceof Undefined) return 'u'
      throw pyError(
        'TypeError',
        `unhashable type: '${Array.isArray(value) ? 'list' : value instanceof Map ? 'dict' : unhashableName(value)}'`,
      )
    default:
      return value
  }
}

function unhashableName(value: object): string {
  return py.typeName in value ? String(value[py.typeName]) : 'dict'
}

/** Equal tuples have one text; one that holds objects without a hash of their own is only equal to itself. */
function tupleKey(value: PyTuple): unknown {
  let text = 't'
  for (const part of value) {
    const key = hashKey(part)
    if (typeof key === 'string') text += `${key.length}:${key}`
    else if (key === null) text += 'N;'
    else if (typeof key === 'object' || typeof key === 'function') return value
    else text += `${String(key)};`
  }
  return text
}

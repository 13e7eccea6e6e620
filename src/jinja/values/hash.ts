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
      if (value instanceof PyTuple) return 't' + value.map(partOfTuple).join('')
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

const objectNumbers = new WeakMap<object, number>()
let nextObjectNumber = 1

function partOfTuple(value: Value): string {
  const key = hashKey(value)
  if (typeof key === 'string') return `${key.length}:${key}`
  if (typeof key === 'object' || typeof key === 'function') {
    if (key === null) return 'N'
    let number = objectNumbers.get(key)
    if (number === undefined) objectNumbers.set(key, (number = nextObjectNumber++))
    return `o${number};`
  }
  return `${String(key)};`
}

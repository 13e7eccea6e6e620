import { pyEquals } from './equality.js'
import { pyError } from './errors.js'
import { tryIterate } from './iterate.js'
import { isHostObject, isMapping, typeName } from './kinds.js'
import { mappingHas } from './mapping.js'
import * as py from './py.js'
import { PySet } from './set.js'
import type { Value } from './value.js'

/** `item in container`. Throws a TypeError when the container cannot hold anything. */
export function isMember(item: Value, container: Value): boolean {
  if (typeof container === 'string') {
    if (typeof item === 'string') return container.includes(item)
    throw pyError('TypeError', `'in <string>' requires string as left operand, not ${typeName(item)}`)
  }
  if (container instanceof PySet) return container.has(item)
  if (isHostObject(container) && container[py.contains]) return container[py.contains]!(item)
  if (isMapping(container)) return mappingHas(container, item)
  const items = tryIterate(container)
  if (items === undefined) throw pyError('TypeError', `argument of type '${typeName(container)}' is not iterable`)
  for (const candidate of items) if (pyEquals(candidate, item)) return true
  return false
}

import { pyError } from '../errors.js'
import { iterate } from '../iterate.js'
import { PySet } from '../set.js'
import { toRepr } from '../text.js'
import type { Value } from '../value.js'
import type { Method, MethodTable } from './method.js'

type SetMethod = Method<PySet>

const asSet = (value: Value): PySet => (value instanceof PySet ? value : new PySet(iterate(value)))

const union: SetMethod = (self, args) => {
  const result = new PySet(self)
  for (const other of args) for (const item of iterate(other)) result.add(item)
  return result
}

const intersection: SetMethod = (self, args) => {
  const others = args.map(asSet)
  return new PySet(Array.from(self).filter((item) => others.every((other) => other.has(item))))
}

const difference: SetMethod = (self, args) => {
  const others = args.map(asSet)
  return new PySet(Array.from(self).filter((item) => !others.some((other) => other.has(item))))
}

const symmetricDifference: SetMethod = (self, args) => {
  const other = asSet(args[0])
  const only = Array.from(self).filter((item) => !other.has(item))
  return new PySet([...only, ...Array.from(other).filter((item) => !self.has(item))])
}

/** Makes the method that changes the set out of the one that gives a new one. */
function inPlace(method: SetMethod): SetMethod {
  return (self, args, kwargs) => {
    const result = Array.from(method(self, args, kwargs) as PySet)
    self.clear()
    for (const item of result) self.add(item)
    return null
  }
}

const remove: SetMethod = (self, args) => {
  if (!self.delete(args[0])) throw pyError('KeyError', toRepr(args[0]))
  return null
}

const pop: SetMethod = (self) => {
  for (const item of self) {
    self.delete(item)
    return item
  }
  throw pyError('KeyError', "'pop from an empty set'")
}

/** Methods of set. */
export const SET_METHODS: MethodTable<PySet> = new Map<string, SetMethod>([
  [
    'add',
    (self, args) => {
      self.add(args[0])
      return null
    },
  ],
  [
    'clear',
    (self) => {
      self.clear()
      return null
    },
  ],
  ['copy', (self) => new PySet(self)],
  ['difference', difference],
  ['difference_update', inPlace(difference)],
  [
    'discard',
    (self, args) => {
      self.delete(args[0])
      return null
    },
  ],
  ['intersection', intersection],
  ['intersection_update', inPlace(intersection)],
  ['isdisjoint', (self, args) => Array.from(asSet(args[0])).every((item) => !self.has(item))],
  ['issubset', (self, args) => Array.from(self).every((item) => asSet(args[0]).has(item))],
  ['issuperset', (self, args) => Array.from(asSet(args[0])).every((item) => self.has(item))],
  ['pop', pop],
  ['remove', remove],
  ['symmetric_difference', symmetricDifference],
  ['symmetric_difference_update', inPlace(symmetricDifference)],
  ['union', union],
  ['update', inPlace(union)],
])

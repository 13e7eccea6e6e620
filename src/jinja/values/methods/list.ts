import { checkCount } from '../arguments.js'
import { pyEquals } from '../equality.js'
import { pyError } from '../errors.js'
import { toArray } from '../iterate.js'
import { sortValues } from '../sorting.js'
import { toRepr } from '../text.js'
import { truthy } from '../truth.js'
import type { PyTuple } from '../tuple.js'
import type { Value } from '../value.js'
import { intArgument, type Method, type MethodTable, searchRange } from './method.js'

type ListMethod = Method<Value[]>

function indexOf(items: readonly Value[], args: readonly Value[], message: string): number {
  const [from, to] = searchRange(items.length, args[1], args[2])
  for (let i = from; i < to; i++) if (pyEquals(items[i], args[0])) return i
  throw pyError('ValueError', message)
}

function countOf(items: readonly Value[], wanted: Value): number {
  return items.reduce((n: number, item) => n + (pyEquals(item, wanted) ? 1 : 0), 0)
}

const pop: ListMethod = (self, args) => {
  checkCount('pop', args, 0, 1)
  if (self.length === 0) throw pyError('IndexError', 'pop from empty list')
  const index = args[0] === undefined ? self.length - 1 : intArgument(args[0])
  const at = index < 0 ? index + self.length : index
  if (at < 0 || at >= self.length) throw pyError('IndexError', 'pop index out of range')
  return self.splice(at, 1)[0]
}

const insert: ListMethod = (self, args) => {
  checkCount('insert', args, 2, 2)
  const index = intArgument(args[0])
  self.splice(index < 0 ? Math.max(0, index + self.length) : index, 0, args[1])
  return null
}

const sort: ListMethod = (self, _args, kwargs) => {
  const key = kwargs['key']
  const keyOf = typeof key === 'function' ? (item: Value): Value => key([item], {}) as Value : undefined
  const sorted = sortValues(self, { key: keyOf, reverse: truthy(kwargs['reverse']) })
  self.splice(0, self.length, ...sorted)
  return null
}

/** Methods of list. */
export const LIST_METHODS: MethodTable<Value[]> = new Map<string, ListMethod>([
  [
    'append',
    (self, args) => {
      checkCount('list.append', args, 1, 1)
      self.push(args[0])
      return null
    },
  ],
  [
    'clear',
    (self) => {
      self.length = 0
      return null
    },
  ],
  ['copy', (self) => self.slice()],
  ['count', (self, args) => countOf(self, args[0])],
  [
    'extend',
    (self, args) => {
      checkCount('list.extend', args, 1, 1)
      for (const item of toArray(args[0])) self.push(item)
      return null
    },
  ],
  ['index', (self, args) => indexOf(self, args, `${toRepr(args[0])} is not in list`)],
  ['insert', insert],
  ['pop', pop],
  [
    'remove',
    (self, args) => {
      self.splice(indexOf(self, [args[0]], 'list.remove(x): x not in list'), 1)
      return null
    },
  ],
  [
    'reverse',
    (self) => {
      self.reverse()
      return null
    },
  ],
  ['sort', sort],
])

/** Methods of tuple. */
export const TUPLE_METHODS: MethodTable<PyTuple> = new Map<string, Method<PyTuple>>([
  ['count', (self, args) => countOf(self, args[0])],
  ['index', (self, args) => indexOf(self, args, 'tuple.index(x): x not in tuple')],
])

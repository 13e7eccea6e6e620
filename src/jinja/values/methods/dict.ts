import { checkCount } from '../arguments.js'
import { pyError } from '../errors.js'
import { iterate, toArray, tryIterate } from '../iterate.js'
import { isHostObject, isMapping } from '../kinds.js'
import {
  type Mapping,
  mappingClear,
  mappingCopy,
  mappingDelete,
  mappingEntries,
  mappingGet,
  mappingHas,
  mappingKeys,
  mappingSet,
} from '../mapping.js'
import * as py from '../py.js'
import { toRepr } from '../text.js'
import { tuple } from '../tuple.js'
import type { Kwargs, Value } from '../value.js'
import { DictView } from './dict-view.js'
import type { Method, MethodTable } from './method.js'

type DictMethod = Method<Mapping>

/** `dict.update(other, **kwargs)` and `dict(other, **kwargs)`: from a dict or from pairs. */
export function updateMapping(map: Mapping, other: Value, kwargs: Kwargs): void {
  if (isMapping(other)) {
    for (const [key, value] of Array.from(mappingEntries(other))) mappingSet(map, key, value)
  } else if (other !== undefined) {
    const keys = isHostObject(other) ? other[py.getattr]('keys') : undefined
    if (isHostObject(other) && typeof keys === 'function') {
      for (const key of iterate(keys([], {}) as Value)) mappingSet(map, key, other[py.getitem]?.(key))
    } else updateFromPairs(map, other)
  }
  for (const key in kwargs) mappingSet(map, key, kwargs[key])
}

function updateFromPairs(map: Mapping, pairs: Value): void {
  let n = 0
  for (const pair of iterate(pairs)) {
    if (tryIterate(pair) === undefined)
      throw pyError('TypeError', `cannot convert dictionary update sequence element #${n} to a sequence`)
    const items = toArray(pair)
    if (items.length !== 2) {
      throw pyError('ValueError', `dictionary update sequence element #${n} has length ${items.length}; 2 is required`)
    }
    mappingSet(map, items[0], items[1])
    n++
  }
}

const pop: DictMethod = (self, args) => {
  checkCount('pop', args, 1, 2)
  if (mappingHas(self, args[0])) {
    const value = mappingGet(self, args[0])
    mappingDelete(self, args[0])
    return value
  }
  if (args.length === 2) return args[1]
  throw pyError('KeyError', toRepr(args[0]))
}

const popitem: DictMethod = (self) => {
  const key = Array.from(mappingKeys(self)).at(-1)
  if (key === undefined) throw pyError('KeyError', "'popitem(): dictionary is empty'")
  const value = mappingGet(self, key)
  mappingDelete(self, key)
  return tuple([key, value])
}

/** Methods of dict. */
export const DICT_METHODS: MethodTable<Mapping> = new Map<string, DictMethod>([
  [
    'clear',
    (self) => {
      mappingClear(self)
      return null
    },
  ],
  ['copy', (self) => mappingCopy(self)],
  [
    'fromkeys',
    (_self, args) => {
      const map = new Map<Value, Value>()
      for (const key of iterate(args[0])) mappingSet(map, key, args[1] ?? null)
      return map
    },
  ],
  [
    'get',
    (self, args) => {
      checkCount('get', args, 1, 2)
      const value = mappingGet(self, args[0])
      return value === undefined ? (args[1] ?? null) : value
    },
  ],
  ['items', (self) => new DictView(self, 'items')],
  ['keys', (self) => new DictView(self, 'keys')],
  ['pop', pop],
  ['popitem', popitem],
  [
    'setdefault',
    (self, args) => {
      checkCount('setdefault', args, 1, 2)
      const value = mappingGet(self, args[0])
      if (value !== undefined) return value
      mappingSet(self, args[0], args[1] ?? null)
      return args[1] ?? null
    },
  ],
  [
    'update',
    (self, args, kwargs) => {
      checkCount('update', args, 0, 1)
      updateMapping(self, args[0], kwargs)
      return null
    },
  ],
  ['values', (self) => new DictView(self, 'values')],
])

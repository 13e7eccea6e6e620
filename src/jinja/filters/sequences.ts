import { getAttr } from '../values/access.js'
import { binaryOperation } from '../values/arithmetic.js'
import { pyEquals } from '../values/equality.js'
import { pyError } from '../values/errors.js'
import { hashKey } from '../values/hash.js'
import { iterate, length, PyIterator, toArray, tryIterate } from '../values/iterate.js'
import { isHostObject, isMapping, typeName } from '../values/kinds.js'
import { mappingEntries } from '../values/mapping.js'
import { DICT_METHODS } from '../values/methods/dict.js'
import { intArgument } from '../values/methods/method.js'
import { compareOrder } from '../values/ordering.js'
import * as py from '../values/py.js'
import { PySet } from '../values/set.js'
import { sortValues } from '../values/sorting.js'
import { toRepr, toStr } from '../values/text.js'
import { truthy } from '../values/truth.js'
import { tuple } from '../values/tuple.js'
import { isUndefined, Undefined } from '../values/undefined.js'
import type { HostObject, Value } from '../values/value.js'
import {
  attributeGetter,
  attributesGetter,
  type Filter,
  type FilterContext,
  type FilterTable,
  filterOf,
  ignoreCase,
} from './filter.js'

function noItem(context: FilterContext, message: string): Undefined {
  return new Undefined(context.thread.undefinedMode, undefined, message)
}

const first: Filter = (value, _args, _kwargs, context) => {
  for (const item of iterate(value)) return item
  return noItem(context, 'No first item, sequence was empty.')
}

const last: Filter = (value, _args, _kwargs, context) => {
  const items = reversible(value)
  return items.length === 0 ? noItem(context, 'No last item, sequence was empty.') : items.at(-1)
}

function reversible(value: Value): readonly Value[] {
  if (value instanceof PyIterator || value instanceof PySet)
    throw pyError('TypeError', `'${typeName(value)}' object is not reversible`)
  return Array.from(iterate(value))
}

const reverse: Filter = (value) => {
  if (typeof value === 'string') return Array.from(value).reverse().join('')
  const items = tryIterate(value)
  if (items === undefined) throw pyError('FilterArgumentError', 'argument must be iterable')
  return new PyIterator(Array.from(items).reverse(), 'list_reverseiterator')
}

const random: Filter = (value, _args, _kwargs, context) => {
  const items = toArray(value)
  if (items.length === 0) return noItem(context, 'No random item, sequence was empty.')
  return items[Math.floor(Math.random() * items.length)]
}

function* batches(value: Value, size: number, fill: Value): Iterable<Value> {
  let batch: Value[] = []
  for (const item of iterate(value)) {
    if (batch.length === size) {
      yield batch
      batch = []
    }
    batch.push(item)
  }
  if (batch.length === 0) return
  while (fill !== null && batch.length < size) batch.push(fill)
  yield batch
}

const batch = filterOf(
  'batch',
  ['linecount', 'fill_with'],
  { fill_with: null },
  (value, [size, fill]) => new PyIterator(batches(value, intArgument(size), fill)),
)

function* slices(value: Value, count: number, fill: Value): Iterable<Value> {
  const items = toArray(value)
  const each = Math.floor(items.length / count)
  const longer = items.length % count
  let from = 0
  for (let i = 0; i < count; i++) {
    const to = from + each + (i < longer ? 1 : 0)
    const slice = items.slice(from, to)
    if (fill !== null && i >= longer) slice.push(fill)
    from = to
    yield slice
  }
}

const slice = filterOf(
  'slice',
  ['slices', 'fill_with'],
  { fill_with: null },
  (value, [count, fill]) => new PyIterator(slices(value, intArgument(count), fill)),
)

const sum = filterOf(
  'sum',
  ['attribute', 'start'],
  { attribute: null, start: 0 },
  (value, [attribute, start], context) => {
    const get = attribute === null ? undefined : attributeGetter(attribute, context.thread.undefinedMode)
    let total = start
    for (const item of iterate(value)) total = binaryOperation('+', total, get ? get(item) : item)
    return total
  },
)

/** A key for comparing items: an attribute of theirs, without regard to case unless asked. */
function keyOf(attribute: Value, caseSensitive: Value, context: FilterContext): (item: Value) => Value {
  const get = attributeGetter(attribute, context.thread.undefinedMode)
  return truthy(caseSensitive) ? get : (item) => ignoreCase(get(item))
}

function extreme(name: 'min' | 'max'): Filter {
  const defaults = { case_sensitive: false, attribute: null }
  return filterOf(name, ['case_sensitive', 'attribute'], defaults, (value, [caseSensitive, attribute], context) => {
    const key = keyOf(attribute, caseSensitive, context)
    let best: { item: Value; key: Value } | undefined
    for (const item of iterate(value)) {
      const candidate = key(item)
      const better = best && compareOrder(name === 'min' ? '<' : '>', candidate, best.key)
      if (!best || better) best = { item, key: candidate }
    }
    return best ? best.item : noItem(context, 'No aggregated item, sequence was empty.')
  })
}

function* distinct(value: Value, key: (item: Value) => Value): Iterable<Value> {
  const seen = new Set<unknown>()
  for (const item of iterate(value)) {
    const hash = hashKey(key(item))
    if (seen.has(hash)) continue
    seen.add(hash)
    yield item
  }
}

const unique = filterOf(
  'unique',
  ['case_sensitive', 'attribute'],
  { case_sensitive: false, attribute: null },
  (value, [caseSensitive, attribute], context) => {
    iterate(value)
    return new PyIterator(distinct(value, keyOf(attribute, caseSensitive, context)))
  },
)

const sort = filterOf(
  'sort',
  ['reverse', 'case_sensitive', 'attribute'],
  { reverse: false, case_sensitive: false, attribute: null },
  (value, [reversed, caseSensitive, attribute], context) => {
    const get = attributesGetter(attribute, context.thread.undefinedMode)
    const key = truthy(caseSensitive) ? get : (item: Value) => get(item).map(ignoreCase)
    return sortValues(iterate(value), { key, reverse: truthy(reversed) })
  },
)

/** One group of `groupby`: a pair whose parts are also called `grouper` and `list`. */
class Group implements HostObject {
  readonly [py.typeName] = '_GroupTuple'

  constructor(
    readonly grouper: Value,
    readonly list: Value[],
  ) {}

  [py.getattr](name: string): Value {
    return name === 'grouper' ? this.grouper : name === 'list' ? this.list : undefined
  }

  [py.getitem](key: Value): Value {
    return typeof key === 'number' ? [this.grouper, this.list].at(key) : undefined
  }

  [py.iter](): Iterable<Value> {
    return [this.grouper, this.list]
  }

  [py.len](): number {
    return 2
  }

  [py.str](): string {
    return toRepr(tuple([this.grouper, this.list]))
  }
}

const groupby = filterOf(
  'groupby',
  ['attribute', 'default', 'case_sensitive'],
  { default: null, case_sensitive: false },
  (value, [attribute, fallback, caseSensitive], context) => {
    const get = attributeGetter(attribute, context.thread.undefinedMode, fallback)
    const key = truthy(caseSensitive) ? get : (item: Value) => ignoreCase(get(item))
    const groups: Group[] = []
    let current: { key: Value; group: Group } | undefined
    for (const item of sortValues(iterate(value), { key })) {
      const itemKey = key(item)
      if (!current || !pyEquals(current.key, itemKey)) {
        current = { key: itemKey, group: new Group(get(item), []) }
        groups.push(current.group)
      }
      current.group.list.push(item)
    }
    return groups
  },
)

const dictsort = filterOf(
  'dictsort',
  ['case_sensitive', 'by', 'reverse'],
  { case_sensitive: false, by: 'key', reverse: false },
  (value, [caseSensitive, by, reversed]) => {
    if (by !== 'key' && by !== 'value')
      throw pyError('FilterArgumentError', 'You can only sort by either "key" or "value"')
    if (!isMapping(value)) throw pyError('AttributeError', `'${typeName(value)}' object has no attribute 'items'`)
    const position = by === 'key' ? 0 : 1
    const part = (pair: Value): Value => (pair as readonly Value[])[position]
    const key = truthy(caseSensitive) ? part : (pair: Value) => ignoreCase(part(pair))
    const pairs = Array.from(mappingEntries(value), tuple)
    return sortValues(pairs, { key, reverse: truthy(reversed) })
  },
)

const items: Filter = (value) => {
  if (isUndefined(value)) return new PyIterator([])
  if (!isMapping(value)) throw pyError('TypeError', 'Can only get item pairs from a mapping.')
  return new PyIterator(Array.from(mappingEntries(value), tuple))
}

const attr = filterOf('attr', ['name'], {}, (value, [name], context) => {
  const wanted = toStr(name)
  if (isMapping(value) && !DICT_METHODS.has(wanted)) return missingAttribute(value, wanted, context)
  if (isHostObject(value)) {
    const found = value[py.getattr](wanted)
    return found === undefined ? missingAttribute(value, wanted, context) : found
  }
  return getAttr(value, wanted, context.thread.undefinedMode)
})

function missingAttribute(value: Value, name: string, context: FilterContext): Undefined {
  const message = `'${typeName(value)} object' has no attribute '${name}'`
  return new Undefined(context.thread.undefinedMode, name, message)
}

/** Filters on sequences and dicts. */
export const SEQUENCE_FILTERS: FilterTable = [
  ['attr', attr],
  ['batch', batch],
  ['count', (value) => length(value)],
  ['dictsort', dictsort],
  ['first', first],
  ['groupby', groupby],
  ['items', items],
  ['last', last],
  ['length', (value) => length(value)],
  ['list', (value) => toArray(value)],
  ['max', extreme('max')],
  ['min', extreme('min')],
  ['random', random],
  ['reverse', reverse],
  ['slice', slice],
  ['sort', sort],
  ['sum', sum],
  ['unique', unique],
]

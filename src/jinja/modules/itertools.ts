import { callValue } from '../values/access.js'
import { bindArguments } from '../values/arguments.js'
import { binaryOperation } from '../values/arithmetic.js'
import { pyError } from '../values/errors.js'
import { iterate, PyIterator, toArray } from '../values/iterate.js'
import { intArgument } from '../values/methods/method.js'
import { truthy } from '../values/truth.js'
import { tuple } from '../values/tuple.js'
import type { HostFunction, Kwargs, Value } from '../values/value.js'

type Generator = (args: readonly Value[], kwargs: Kwargs) => Iterable<Value>

/** A call that must answer at once: iterators cannot wait. */
function callNow(callee: Value, args: readonly Value[]): Value {
  const result = callValue(callee, args, {})
  if (result instanceof Promise) throw pyError('TypeError', 'a function that waits cannot be used here')
  return result
}

function* count(args: readonly Value[], kwargs: Kwargs): Iterable<Value> {
  const [start, step] = bindArguments('count', ['start', 'step'], args, kwargs, { start: 0, step: 1 })
  for (let value = start; ; value = binaryOperation('+', value, step)) yield value
}

function* cycle([iterable]: readonly Value[]): Iterable<Value> {
  const items = toArray(iterable)
  while (items.length > 0) yield* items
}

function* repeat(args: readonly Value[], kwargs: Kwargs): Iterable<Value> {
  const [object, times] = bindArguments('repeat', ['object', 'times'], args, kwargs, { times: null })
  for (let n = times === null ? Number.POSITIVE_INFINITY : intArgument(times); n > 0; n--) yield object
}

function* accumulate(args: readonly Value[], kwargs: Kwargs): Iterable<Value> {
  const params = ['iterable', 'func', 'initial']
  const [iterable, func, initial] = bindArguments('accumulate', params, args, kwargs, { func: null, initial: null })
  let total: Value = initial === null ? undefined : initial
  if (total !== undefined) yield total
  for (const item of iterate(iterable)) {
    if (total === undefined) total = item
    else total = func === null ? binaryOperation('+', total, item) : callNow(func, [total, item])
    yield total
  }
}

function* chain(args: readonly Value[]): Iterable<Value> {
  for (const iterable of args) yield* iterate(iterable)
}

function* compress([data, selectors]: readonly Value[]): Iterable<Value> {
  const keep = iterate(selectors)[Symbol.iterator]()
  for (const item of iterate(data)) {
    const next = keep.next()
    if (next.done) return
    if (truthy(next.value)) yield item
  }
}

function* islice(args: readonly Value[]): Iterable<Value> {
  const [iterable, first, second, third] = args
  const bound = (value: Value, otherwise: number): number =>
    value === null || value === undefined ? otherwise : intArgument(value)
  const [start, stop] =
    args.length === 2
      ? [0, bound(first, Number.POSITIVE_INFINITY)]
      : [bound(first, 0), bound(second, Number.POSITIVE_INFINITY)]
  const step = bound(third, 1)
  let index = 0
  if (stop <= 0) return
  for (const item of iterate(iterable)) {
    if (index >= start && (index - start) % step === 0) yield item
    index++
    if (index >= stop) return
  }
}

function* starmap([func, iterable]: readonly Value[]): Iterable<Value> {
  for (const args of iterate(iterable)) yield callNow(func, toArray(args))
}

function* zipLongest(args: readonly Value[], kwargs: Kwargs): Iterable<Value> {
  const fill = Object.hasOwn(kwargs, 'fillvalue') ? kwargs['fillvalue'] : null
  const lists = args.map(toArray)
  const most = Math.max(0, ...lists.map((list) => list.length))
  for (let i = 0; i < most; i++) yield tuple(lists.map((list) => (i < list.length ? list[i] : fill)))
}

function* product(args: readonly Value[], kwargs: Kwargs): Iterable<Value> {
  const times = intArgument(kwargs['repeat'] ?? 1)
  const once = args.map(toArray)
  const pools = Array.from({ length: times }, () => once).flat()
  yield* pick(pools, 0, [])
}

function* pick(pools: readonly Value[][], at: number, chosen: readonly Value[]): Iterable<Value> {
  if (at === pools.length) yield tuple(chosen)
  else for (const item of pools[at]!) yield* pick(pools, at + 1, [...chosen, item])
}

/** Index sequences of a length, in order; `next` says which indices may follow those chosen. */
function* indexed(
  items: readonly Value[],
  length: number,
  chosen: readonly number[],
  next: (chosen: readonly number[]) => Iterable<number>,
): Iterable<Value> {
  if (chosen.length === length) {
    yield tuple(chosen.map((i) => items[i]))
    return
  }
  for (const i of next(chosen)) yield* indexed(items, length, [...chosen, i], next)
}

function range(from: number, to: number): number[] {
  return Array.from({ length: Math.max(0, to - from) }, (_, i) => from + i)
}

function choosing(next: (size: number, chosen: readonly number[]) => number[]): Generator {
  return (args, kwargs) => {
    const [iterable, r] = bindArguments('combinations', ['iterable', 'r'], args, kwargs, { r: null })
    const items = toArray(iterable)
    const length = r === null ? items.length : intArgument(r)
    return indexed(items, length, [], (chosen) => next(items.length, chosen))
  }
}

const permutations = choosing((size, chosen) => range(0, size).filter((i) => !chosen.includes(i)))
const combinations = choosing((size, chosen) => range((chosen.at(-1) ?? -1) + 1, size))
const withReplacement = choosing((size, chosen) => range(chosen.at(-1) ?? 0, size))

const tee: HostFunction = ([iterable, n]) => {
  const items = toArray(iterable)
  return tuple(range(0, n === undefined ? 2 : intArgument(n)).map(() => new PyIterator(items, 'itertools._tee')))
}

const GENERATORS: readonly (readonly [name: string, generator: Generator])[] = [
  ['count', count],
  ['cycle', cycle],
  ['repeat', repeat],
  ['accumulate', accumulate],
  ['chain', chain],
  ['compress', compress],
  ['islice', islice],
  ['starmap', starmap],
  ['zip_longest', zipLongest],
  ['product', product],
  ['permutations', permutations],
  ['combinations', combinations],
  ['combinations_with_replacement', withReplacement],
]

/** dbt's `modules.itertools`; `onUse` is called with each use, which dbt wants to be rid of. */
export function itertoolsModule(onUse: () => void = () => {}): Map<Value, Value> {
  const entries = GENERATORS.map(([name, make]): [Value, Value] => {
    const call: HostFunction = (args, kwargs) => {
      onUse()
      return new PyIterator(make(args, kwargs), `itertools.${name}`)
    }
    return [name, call]
  })
  return new Map<Value, Value>([...entries, ['tee', tee]])
}

import { fail } from '../../core/diagnostic.js'
import {
  type HostFunction,
  isMapping,
  isUndefined,
  iterate,
  mappingEntries,
  PySet,
  toStr,
  tuple,
  typeName,
  type Value,
} from '../../jinja/index.js'

/** `set(iterable, default=None)`: its members once; the default for what cannot be iterated over. */
export const set: HostFunction = (args, kwargs) =>
  tryIterable(args[0], (items) => new PySet(items)) ?? args[1] ?? kwargs['default'] ?? null

/** `set_strict(iterable)`: as `set`, an error instead of a default. */
export const setStrict: HostFunction = (args) =>
  tryIterable(args[0], (items) => new PySet(items)) ?? notIterable(args[0], 'set-type')

/** `zip(*iterables, default=None)`: tuples of the first members, the second ones ... as long as the shortest. */
export const zip: HostFunction = (args, kwargs) => {
  const lists = args.map((arg) => tryIterable(arg, (items) => [...items]))
  return lists.every((list) => list !== undefined) ? zipped(lists) : (kwargs['default'] ?? null)
}

/** `zip_strict(*iterables)`: as `zip`, an error instead of a default. */
export const zipStrict: HostFunction = (args) =>
  zipped(args.map((arg) => tryIterable(arg, (items) => [...items]) ?? notIterable(arg, 'zip-type')))

/**
 * `diff_of_two_dicts(a, b)`, dicts of lists of text: what `a` has and `b` has not, upper and lower case being the same.
 * Used for grants.
 */
export const diffOfTwoDicts: HostFunction = (args) => {
  const [a, b] = args
  if (!isMapping(a) || !isMapping(b)) {
    fail('compilation', 'diff-type', 'diff_of_two_dicts() takes two dicts')
  }
  const other = new Map<string, Set<string>>()
  for (const [key, items] of mappingEntries(b)) {
    other.set(toStr(key).toLowerCase(), new Set([...iterate(items)].map((item) => toStr(item).toLowerCase())))
  }
  const difference = new Map<Value, Value>()
  for (const [key, items] of mappingEntries(a)) {
    const known = other.get(toStr(key).toLowerCase())
    if (known === undefined) difference.set(key, items)
    else {
      const rest = [...iterate(items)].filter((item) => !known.has(toStr(item).toLowerCase()))
      if (rest.length > 0) difference.set(key, rest)
    }
  }
  return difference
}

function tryIterable<T>(value: Value, make: (items: Iterable<Value>) => T): T | undefined {
  const scalar = value == null || typeof value === 'number' || typeof value === 'boolean' || typeof value === 'function'
  return scalar && !isUndefined(value) ? undefined : make(iterate(value))
}

function notIterable(value: Value, code: string): never {
  fail('compilation', code, `'${typeName(value)}' object is not iterable`)
}

function zipped(lists: readonly (readonly Value[])[]): Value[] {
  const length = lists.length === 0 ? 0 : Math.min(...lists.map((list) => list.length))
  return Array.from({ length }, (_unused, i) => tuple(lists.map((list) => list[i])))
}

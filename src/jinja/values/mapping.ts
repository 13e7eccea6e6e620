import { hashKey } from './hash.js'
import type { PlainObject, Value, ValueMap } from './value.js'

// Dicts are Maps or plain objects. A Map compares keys by identity where Python compares by value (`1 == 1.0 == True`,
// equal tuples), so keys that are neither strings nor found as they are get searched for by their hash key.

/** A dict: a Map, or a plain object that came from JSON. */
export type Mapping = ValueMap | PlainObject

const MISSING: unique symbol = Symbol('missing')

/** The key under which a Map holds an entry for `key`, or MISSING. */
function storedKey(map: ValueMap, key: Value): Value | typeof MISSING {
  if (map.has(key)) return key
  if (typeof key === 'string') return MISSING
  const wanted = hashKey(key)
  for (const candidate of map.keys()) {
    if (typeof candidate !== 'string' && hashKey(candidate) === wanted) return candidate
  }
  return MISSING
}

function propertyName(key: Value): string | undefined {
  if (typeof key === 'string') return key
  hashKey(key)
  return undefined
}

/** The value under a key, or undefined. Throws a TypeError for an unhashable key. */
export function mappingGet(map: Mapping, key: Value): Value {
  if (map instanceof Map) {
    const stored = storedKey(map, key)
    return stored === MISSING ? undefined : map.get(stored)
  }
  const name = propertyName(key)
  return name !== undefined && Object.hasOwn(map, name) ? map[name] : undefined
}

/** Whether there is an entry under a key. */
export function mappingHas(map: Mapping, key: Value): boolean {
  if (map instanceof Map) return storedKey(map, key) !== MISSING
  const name = propertyName(key)
  return name !== undefined && Object.hasOwn(map, name)
}

/** Sets an entry; an equal key that is there keeps its place and spelling. */
export function mappingSet(map: Mapping, key: Value, value: Value): void {
  if (map instanceof Map) {
    if (typeof key === 'string') map.set(key, value)
    else {
      const stored = storedKey(map, key)
      map.set(stored === MISSING ? key : stored, value)
    }
  } else {
    const name = propertyName(key) ?? String(key)
    if (name === '__proto__')
      Object.defineProperty(map, name, { value, enumerable: true, configurable: true, writable: true })
    else map[name] = value
  }
}

/** Removes an entry; answers whether there was one. */
export function mappingDelete(map: Mapping, key: Value): boolean {
  if (map instanceof Map) {
    const stored = storedKey(map, key)
    return stored !== MISSING && map.delete(stored)
  }
  const name = propertyName(key)
  return name !== undefined && Object.hasOwn(map, name) && delete map[name]
}

/** Number of entries. */
export function mappingSize(map: Mapping): number {
  if (map instanceof Map) return map.size
  let count = 0
  for (const name in map) if (Object.hasOwn(map, name)) count++
  return count
}

/** Keys in order. */
export function mappingKeys(map: Mapping): Iterable<Value> {
  return map instanceof Map ? map.keys() : Object.keys(map)
}

/** Values in order. */
export function mappingValues(map: Mapping): Iterable<Value> {
  return map instanceof Map ? map.values() : Object.values(map)
}

/** `[key, value]` pairs in order. */
export function mappingEntries(map: Mapping): Iterable<[Value, Value]> {
  return map instanceof Map ? map.entries() : Object.entries(map)
}

/** Removes every entry. */
export function mappingClear(map: Mapping): void {
  if (map instanceof Map) map.clear()
  else for (const name of Object.keys(map)) delete map[name]
}

/** A new dict with the entries of another. */
export function mappingCopy(map: Mapping): ValueMap {
  return new Map(mappingEntries(map))
}

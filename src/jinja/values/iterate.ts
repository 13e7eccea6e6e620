import { pyError } from './errors.js'
import { isHostObject, isMapping, typeName } from './kinds.js'
import { mappingKeys } from './mapping.js'
import * as py from './py.js'
import { PySet } from './set.js'
import { isUndefined } from './undefined.js'
import type { HostObject, Value } from './value.js'

/** `iter(value)`, or undefined when it cannot be iterated over. Nothing comes out of what is undefined. */
export function tryIterate(value: Value): Iterable<Value> | undefined {
  if (Array.isArray(value)) return value as readonly Value[]
  if (typeof value === 'string') return value
  if (isUndefined(value)) return []
  if (value instanceof PySet) return value
  if (isHostObject(value)) return value[py.iter]?.()
  if (isMapping(value)) return mappingKeys(value)
  return undefined
}

/** `iter(value)`. Throws a TypeError for what cannot be iterated over. */
export function iterate(value: Value): Iterable<Value> {
  const iterable = tryIterate(value)
  if (iterable === undefined) throw pyError('TypeError', `'${typeName(value)}' object is not iterable`)
  return iterable
}

/** `list(value)` as an array of one's own. */
export function toArray(value: Value): Value[] {
  return Array.isArray(value) ? value.slice() : Array.from(iterate(value))
}

/** `len(value)`, or undefined when it has none. */
export function tryLength(value: Value): number | undefined {
  if (typeof value === 'string') return codePointLength(value)
  if (Array.isArray(value)) return value.length
  if (value instanceof Map || value instanceof PySet) return value.size
  if (isUndefined(value)) return 0
  if (isHostObject(value)) return value[py.len]?.()
  if (isMapping(value)) return Object.keys(value).length
  return undefined
}

/** `len(value)`. Throws a TypeError for what has none. */
export function length(value: Value): number {
  const found = tryLength(value)
  if (found === undefined) throw pyError('TypeError', `object of type '${typeName(value)}' has no len()`)
  return found
}

function codePointLength(text: string): number {
  let count = text.length
  for (let i = 0; i < text.length - 1; i++) {
    const unit = text.charCodeAt(i)
    if (unit >= 0xd800 && unit < 0xdc00) {
      count--
      i++
    }
  }
  return count
}

/** What filters like `map` and `select` give: items made one by one, to be gone through once. */
export class PyIterator implements HostObject {
  readonly #iterator: Iterator<Value>

  constructor(
    items: Iterable<Value>,
    readonly name = 'generator',
  ) {
    this.#iterator = items[Symbol.iterator]()
  }

  [py.getattr](): Value {
    return undefined
  }

  [py.iter](): Iterable<Value> {
    return { [Symbol.iterator]: () => ({ next: () => this.#iterator.next() }) }
  }

  [py.str](): string {
    return `<${this.name} object>`
  }

  get [py.typeName](): string {
    return this.name
  }
}

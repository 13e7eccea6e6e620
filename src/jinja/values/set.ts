import { hashKey } from './hash.js'
import * as py from './py.js'
import type { Value } from './value.js'

/** Python's set; members are compared by value. */
export class PySet {
  readonly [py.typeName] = 'set'
  readonly #members = new Map<unknown, Value>()

  constructor(items: Iterable<Value> = []) {
    for (const item of items) this.add(item)
  }

  get size(): number {
    return this.#members.size
  }

  has(value: Value): boolean {
    return this.#members.has(hashKey(value))
  }

  /** Adds a member; an equal one already there stays. Throws a TypeError for what has no hash. */
  add(value: Value): void {
    const key = hashKey(value)
    if (!this.#members.has(key)) this.#members.set(key, value)
  }

  delete(value: Value): boolean {
    return this.#members.delete(hashKey(value))
  }

  clear(): void {
    this.#members.clear()
  }

  [Symbol.iterator](): IterableIterator<Value> {
    return this.#members.values()
  }
}

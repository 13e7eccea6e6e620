import type { Value } from './value.js'

/** Python's tuple: an array that prints with parentheses and is hashable. Make one with {@link tuple}. */
export class PyTuple extends Array<Value> {
  static override get [Symbol.species](): ArrayConstructor {
    return Array
  }
}

/** A tuple of these items. */
export function tuple(items: Iterable<Value>): PyTuple {
  const made = new PyTuple()
  for (const item of items) made.push(item)
  return made
}

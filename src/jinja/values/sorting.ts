import { lessThan } from './ordering.js'
import type { Value } from './value.js'

export interface SortOptions {
  readonly key?: ((item: Value) => Value) | undefined
  readonly reverse?: boolean | undefined
}

/** `sorted(items, key=..., reverse=...)`: stable, also when reversed. Throws for items without an order. */
export function sortValues(items: Iterable<Value>, options: SortOptions = {}): Value[] {
  const { key, reverse } = options
  const keyed = Array.from(items, (item) => ({ item, key: key ? key(item) : item }))
  keyed.sort((a, b) => {
    if (lessThan(a.key, b.key)) return reverse ? 1 : -1
    if (lessThan(b.key, a.key)) return reverse ? -1 : 1
    return 0
  })
  return keyed.map((k) => k.item)
}

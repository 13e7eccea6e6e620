import { pyEquals } from '../equality.js'
import { tryIterate } from '../iterate.js'
import {
  type Mapping,
  mappingEntries,
  mappingGet,
  mappingHas,
  mappingKeys,
  mappingSize,
  mappingValues,
} from '../mapping.js'
import * as py from '../py.js'
import { PySet } from '../set.js'
import { toRepr } from '../text.js'
import { PyTuple, tuple } from '../tuple.js'
import type { ArithmeticOperator, HostObject, Value } from '../value.js'

/** What `keys()`, `values()` and `items()` of a dict give: a live view without positions. */
export class DictView implements HostObject {
  constructor(
    readonly map: Mapping,
    readonly what: 'keys' | 'values' | 'items',
  ) {}

  get [py.typeName](): string {
    return `dict_${this.what}`
  }

  [py.getattr](): Value {
    return undefined
  }

  [py.iter](): Iterable<Value> {
    if (this.what === 'keys') return mappingKeys(this.map)
    return this.what === 'values' ? mappingValues(this.map) : itemsOf(this.map)
  }

  [py.len](): number {
    return mappingSize(this.map)
  }

  [py.contains](value: Value): boolean {
    if (this.what === 'keys') return mappingHas(this.map, value)
    if (this.what === 'items') {
      if (!(value instanceof PyTuple) || value.length !== 2 || !mappingHas(this.map, value[0])) return false
      return pyEquals(mappingGet(this.map, value[0]), value[1])
    }
    for (const item of mappingValues(this.map)) if (pyEquals(item, value)) return true
    return false
  }

  [py.eq](other: Value): boolean {
    if (!(other instanceof DictView) || this.what === 'values') return other === this
    if (other.what !== this.what || other[py.len]() !== this[py.len]()) return false
    for (const item of this[py.iter]()) if (!other[py.contains](item)) return false
    return true
  }

  [py.arithmetic](operator: ArithmeticOperator, other: Value, reflected: boolean): Value {
    if (operator !== '-' || reflected || this.what === 'values') return undefined
    const items = tryIterate(other)
    if (items === undefined) return undefined
    const removed = new PySet(items)
    return new PySet(Array.from(this[py.iter]()).filter((item) => !removed.has(item)))
  }

  [py.str](): string {
    return `dict_${this.what}([${Array.from(this[py.iter](), toRepr).join(', ')}])`
  }
}

function* itemsOf(map: Mapping): Iterable<Value> {
  for (const [key, value] of mappingEntries(map)) yield tuple([key, value])
}

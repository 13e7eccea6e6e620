import { pyEquals } from '../values/equality.js'
import { pyError } from '../values/errors.js'
import { mappingHas } from '../values/mapping.js'
import * as py from '../values/py.js'
import { PySlice } from '../values/slice.js'
import { toRepr } from '../values/text.js'
import { truthy } from '../values/truth.js'
import { tuple } from '../values/tuple.js'
import type { HostObject, Kwargs, Value } from '../values/value.js'

/** Values in order that can also be had by key: a row by column names, the columns by their names. */
export class MappedSequence implements HostObject {
  readonly [py.typeName]: string = 'agate.MappedSequence'
  #map: Map<Value, Value> | undefined

  constructor(
    readonly values: readonly Value[],
    readonly keys: readonly Value[] | undefined,
  ) {}

  /** The entries by key. Throws a KeyError for a sequence without keys. */
  get dict(): Map<Value, Value> {
    if (!this.keys) throw pyError('KeyError', '')
    this.#map ??= new Map(this.keys.map((key, i): [Value, Value] => [key, this.values[i]]))
    return this.#map
  }

  [py.getattr](name: string): Value {
    const method = METHODS[name]
    return method && ((args, kwargs) => method(this, args, kwargs))
  }

  [py.getitem](key: Value): Value {
    if (key instanceof PySlice) return tuple(key.indices(this.values.length).map((i) => this.values[i]))
    if (typeof key === 'number') return this.values.at(key)
    return this.keys ? this.dict.get(key) : undefined
  }

  [py.iter](): Iterable<Value> {
    return this.values
  }

  [py.len](): number {
    return this.values.length
  }

  [py.contains](value: Value): boolean {
    return this.values.some((item) => pyEquals(item, value))
  }

  [py.eq](other: Value): boolean {
    const items = other instanceof MappedSequence ? other.values : Array.isArray(other) ? other : undefined
    return items !== undefined && pyEquals(tuple(this.values), tuple(items))
  }

  [py.str](): string {
    const sample = this.values.slice(0, 5).map(toRepr).join(', ')
    return `<${this[py.typeName]}: (${sample}${this.values.length > 5 ? ', ...' : ''})>`
  }
}

type SequenceMethod = (self: MappedSequence, args: readonly Value[], kwargs: Kwargs) => Value

const METHODS: Readonly<Record<string, SequenceMethod>> = {
  keys: (self) => (self.keys ? tuple(self.keys) : null),
  values: (self) => tuple(self.values),
  items: (self) => tuple(self.values.map((value, i) => tuple([self.keys?.[i] ?? null, value]))),
  dict: (self) => new Map(self.dict),
  get: (self, [key, otherwise]) => {
    if (mappingHas(self.dict, key)) return self.dict.get(key)
    return truthy(otherwise) ? otherwise : null
  },
  count: (self, [value]) => self.values.filter((item) => pyEquals(item, value)).length,
  index: (self, [value]) => {
    const at = self.values.findIndex((item) => pyEquals(item, value))
    if (at === -1) throw pyError('ValueError', '')
    return at
  },
}

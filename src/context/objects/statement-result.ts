import { type AgateTable, type HostObject, iterate, py, tuple, type Value } from '../../jinja/index.js'

/** A statement's stored result: `.response`, `.table`, `.data` (rows without columns), and what templates add to it. */
export class StatementResult implements HostObject {
  readonly [py.typeName] = 'AttrDict'
  readonly [py.mapping] = true
  readonly #extra = new Map<Value, Value>()
  #data: Value

  constructor(
    readonly response: Value,
    readonly table: AgateTable,
  ) {}

  [py.getattr](name: string): Value {
    if (name === 'get') return (args) => this.#item(args[0]) ?? args[1] ?? null
    if (name === 'keys') return () => ['response', 'data', 'table', ...this.#extra.keys()]
    if (name === 'update') {
      return (args) => {
        const given = args[0]
        if (given instanceof Map) for (const [key, value] of given) this.#extra.set(key, value)
        return null
      }
    }
    return this.#item(name)
  }

  [py.getitem](key: Value): Value {
    return this.#item(key)
  }

  [py.setitem](key: Value, value: Value): void {
    this.#extra.set(key, value)
  }

  [py.contains](key: Value): boolean {
    return this.#item(key) !== undefined
  }

  [py.iter](): Iterable<Value> {
    return ['response', 'data', 'table', ...this.#extra.keys()]
  }

  [py.len](): number {
    return 3 + this.#extra.size
  }

  #item(key: Value): Value {
    if (this.#extra.has(key)) return this.#extra.get(key)
    if (key === 'response') return this.response
    if (key === 'table') return this.table
    return key === 'data' ? this.#rows() : undefined
  }

  /** The rows as tuples, made when first asked for. */
  #rows(): Value {
    this.#data ??= Array.from(iterate(this.table), (row) => tuple(iterate(row)))
    return this.#data
  }
}

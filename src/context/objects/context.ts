import { type HostObject, py, tuple, type Value } from '../../jinja/index.js'
import type { NodeScope } from '../node-scope.js'

/** `context` (all names, macros among them) or `builtins` (dbt's own names only) as a dict. */
export class ContextObject implements HostObject {
  readonly [py.typeName] = 'dict'

  readonly [py.mapping] = true

  constructor(
    private readonly scope: NodeScope,
    private readonly only: 'everything' | 'builtins',
  ) {}

  [py.getattr](name: string): Value {
    switch (name) {
      case 'get':
        return (args) => this.#find(args[0]) ?? args[1] ?? null
      case 'keys':
        return () => [...this.#names()]
      case 'values':
        return () => [...this.#names()].map((key) => this.#find(key))
      case 'items':
        return () => [...this.#names()].map((key) => tuple([key, this.#find(key)]))
      default:
        // A name is an item of the dict: as an attribute, one with an underscore would be refused.
        return undefined
    }
  }

  [py.getitem](key: Value): Value {
    return this.#find(key)
  }

  [py.contains](key: Value): boolean {
    return this.#find(key) !== undefined
  }

  [py.iter](): Iterable<Value> {
    return this.#names()
  }

  [py.len](): number {
    return this.#names().size
  }

  #find(key: Value): Value {
    if (typeof key !== 'string') return undefined
    return this.only === 'builtins' ? this.scope.member(key) : this.scope.get(key)
  }

  #names(): Set<string> {
    return new Set(this.only === 'builtins' ? this.scope.kind.members.keys() : this.scope.names())
  }
}

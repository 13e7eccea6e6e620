import { type HostObject, py, tuple, type Value } from '../../jinja/index.js'
import type { MacroTable } from '../macro-namespace.js'
import type { NodeScope } from '../node-scope.js'

/** `dbt_utils` in `dbt_utils.star(...)`: a dict of the package's macros, bound when one is asked for. */
export class MacroPackageObject implements HostObject {
  readonly [py.typeName] = 'dict'

  readonly [py.mapping] = true

  constructor(
    private readonly scope: NodeScope,
    private readonly macros: MacroTable,
  ) {}

  [py.getattr](name: string): Value {
    switch (name) {
      case 'get':
        return (args) => this.#macro(args[0]) ?? args[1] ?? null
      case 'keys':
        return () => [...this.macros.keys()]
      case 'values':
        return () => [...this.macros.values()].map((m) => this.scope.bind(m))
      case 'items':
        return () => [...this.macros].map(([key, macro]) => tuple([key, this.scope.bind(macro)]))
      default:
        // A name is an item of the dict: as an attribute, one with an underscore would be refused.
        return undefined
    }
  }

  [py.getitem](key: Value): Value {
    return this.#macro(key)
  }

  [py.contains](key: Value): boolean {
    return typeof key === 'string' && this.macros.has(key)
  }

  [py.iter](): Iterable<Value> {
    return this.macros.keys()
  }

  [py.len](): number {
    return this.macros.size
  }

  #macro(key: Value): Value {
    const macro = typeof key === 'string' ? this.macros.get(key) : undefined
    return macro === undefined ? undefined : this.scope.bind(macro)
  }
}

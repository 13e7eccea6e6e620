import type { MacroRegistry, NodeScope } from '../../context/index.js'
import type { Scope, Value } from '../../jinja/index.js'
import type { MacroNode, UniqueId } from '../../manifest/index.js'

/** Wraps the relation every generic test is given. */
const WHERE_SUBQUERY = 'get_where_subquery'

/**
 * The macros a generic test comes to by calls, from its own on. While it is parsed a test sees these only, all under
 * their bare names.
 */
export class TestMacros {
  readonly #ids = new Set<UniqueId>()
  readonly #byName = new Map<string, MacroNode>()
  readonly #byPackage = new Map<string, MacroNode[]>()

  constructor(
    readonly registry: MacroRegistry,
    own: UniqueId,
  ) {
    const where = registry.resolveStatic(null, WHERE_SUBQUERY)
    if (where !== undefined) this.#add(where.unique_id)
    this.#add(own)
  }

  has(id: UniqueId): boolean {
    return this.#ids.has(id)
  }

  #add(id: UniqueId): void {
    if (this.#ids.has(id)) return
    this.#ids.add(id)
    const macro = this.registry.get(id)
    if (macro === undefined) return
    this.#byName.set(macro.name, macro)
    const ofPackage = this.#byPackage.get(macro.package_name)
    if (ofPackage === undefined) this.#byPackage.set(macro.package_name, [macro])
    else ofPackage.push(macro)
    for (const called of macro.depends_on.macros) this.#add(called)
  }

  /** `scope` with no other macros than these. */
  restrict(scope: NodeScope, extra: ReadonlyMap<string, Value>): Scope {
    const find = (name: string): Value => {
      if (extra.has(name)) return extra.get(name)
      const macro = this.#byName.get(name)
      if (macro !== undefined) return scope.bind(macro)
      const ofPackage = this.#byPackage.get(name)
      if (ofPackage !== undefined) return Object.fromEntries(ofPackage.map((each) => [each.name, scope.bind(each)]))
      return scope.namespace.find(name) === undefined ? scope.get(name) : scope.member(name)
    }
    return { get: find, names: () => scope.names() }
  }
}

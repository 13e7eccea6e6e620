import { fail } from '../core/diagnostic.js'
import { type CompiledMacro, compileMacro, type SourceOrigin } from '../jinja/index.js'
import type { MacroNode, UniqueId } from '../manifest/index.js'
import { MacroNamespace, type MacroTable } from './macro-namespace.js'
import {
  chooseMaterialization,
  type Locality,
  type MacroCandidate,
  type MaterializationChoice,
  strongest,
} from './materialization-lookup.js'

export interface MacroRegistryOptions {
  readonly rootPackage: string
  /** Built-in macro packages, strongest first: `['dbt_duckdb', 'dbt']`. Templates see them all as `dbt`. */
  readonly builtinPackages: readonly string[]
  /** The warehouse's type, then its parents': `['redshift', 'postgres']`. */
  readonly adapterTypes: readonly string[]
  /** `dispatch:` of the root project. */
  readonly dispatch: readonly { readonly macro_namespace: string; readonly search_order: readonly string[] }[]
  /** Every package of the project by name: root, installed and built-in. */
  readonly packages: ReadonlySet<string>
  /** The behaviour flag `require_explicit_package_overrides_for_builtin_materializations`. */
  readonly explicitMaterializationOverrides: boolean
}

/**
 * Every macro of the project and dbt's rules for which one a name means. Macros are compiled when first called, once
 * for all nodes. Filled before nodes are parsed; `add` may be called at any time.
 */
export class MacroRegistry {
  readonly #byId = new Map<UniqueId, MacroNode>()
  readonly #byName = new Map<string, MacroNode[]>()
  readonly #packages = new Map<string, Map<string, MacroNode>>()
  readonly #builtin = new Map<string, Map<string, MacroNode>>()
  readonly #origins = new Map<UniqueId, SourceOrigin>()
  readonly #compiled = new Map<UniqueId, CompiledMacro>()
  #namespaces = new Map<string, MacroNamespace>()
  #dispatched = new Map<string, MacroNode>()
  #materializations = new Map<string, MaterializationChoice>()
  #flatBuiltin: MacroTable | undefined
  #flat: MacroTable | undefined

  constructor(
    macros: Iterable<MacroNode>,
    readonly options: MacroRegistryOptions,
  ) {
    for (const macro of macros) this.add(macro)
  }

  /**
   * Takes a macro in. `origin` is where its text begins in its file, so that errors name the right line.
   * @throws PlumbError when the package has a macro of this name already.
   */
  add(macro: MacroNode, origin?: SourceOrigin): void {
    const isBuiltin = this.options.builtinPackages.includes(macro.package_name)
    const tables = isBuiltin ? this.#builtin : this.#packages
    let table = tables.get(macro.package_name)
    if (table === undefined) tables.set(macro.package_name, (table = new Map()))
    const other = table.get(macro.name)
    if (other !== undefined) throwDuplicateMacro(macro, other)
    table.set(macro.name, macro)
    this.#byId.set(macro.unique_id, macro)
    const named = this.#byName.get(macro.name)
    if (named === undefined) this.#byName.set(macro.name, [macro])
    else named.push(macro)
    if (origin !== undefined) this.#origins.set(macro.unique_id, origin)
    this.#namespaces = new Map()
    this.#dispatched = new Map()
    this.#materializations = new Map()
    this.#flatBuiltin = undefined
    this.#flat = undefined
  }

  /** Where macros begin in their files, for those that were told. */
  origins(): IterableIterator<[UniqueId, SourceOrigin]> {
    return this.#origins.entries()
  }

  get(id: UniqueId): MacroNode | undefined {
    return this.#byId.get(id)
  }

  /** How templates of this package see macros. */
  namespaceOf(packageName: string): MacroNamespace {
    let namespace = this.#namespaces.get(packageName)
    if (namespace === undefined) {
      const root = this.options.rootPackage
      namespace = new MacroNamespace(
        packageName,
        this.#packages.get(packageName),
        packageName === root ? undefined : this.#packages.get(root),
        this.#packages,
        this.builtins,
      )
      this.#namespaces.set(packageName, namespace)
    }
    return namespace
  }

  /** The built-in packages as one table, the stronger package's macro where two have one name. */
  get builtins(): MacroTable {
    if (this.#flatBuiltin === undefined) {
      const flat = new Map<string, MacroNode>()
      for (const name of this.options.builtinPackages.toReversed()) {
        for (const [key, macro] of this.#builtin.get(name) ?? []) flat.set(key, macro)
      }
      this.#flatBuiltin = flat
    }
    return this.#flatBuiltin
  }

  /** The macro `name` of a package as templates address it (`dbt` is every built-in package), or undefined. */
  inPackage(packageName: string, name: string): MacroNode | undefined {
    return packageName === 'dbt' ? this.builtins.get(name) : this.#packages.get(packageName)?.get(name)
  }

  /**
   * What a name written in a macro or test of `localPackage` means, decided without rendering: for edges between macros
   * and for generic tests.
   */
  resolveStatic(localPackage: string | null, name: string): MacroNode | undefined {
    const local =
      localPackage === null ? undefined : (this.#builtin.get(localPackage) ?? this.#packages.get(localPackage))
    return local?.get(name) ?? this.#everywhere().get(name)
  }

  /** The strongest macro of this name: root over packages over built-in ones; of one package when it is given. */
  find(name: string, packageName?: string | null): MacroNode | undefined {
    const candidates = this.#candidates(name)
    const wanted = packageName == null ? candidates : candidates.filter((c) => c.macro.package_name === packageName)
    return strongest(wanted)?.macro
  }

  /** Is the strongest macro of this name a built-in one. */
  isBuiltin(name: string): boolean {
    return strongest(this.#candidates(name))?.locality === 'builtin'
  }

  /**
   * The macro that names schemas, databases or aliases (`generate_<component>_name`): the root project's or the
   * built-in one; with `importedPackage`, that package's own, if it has one.
   */
  findGenerateName(component: 'schema' | 'database' | 'alias', importedPackage?: string): MacroNode | undefined {
    const fits = (c: MacroCandidate): boolean =>
      importedPackage === undefined
        ? c.locality !== 'imported'
        : c.locality === 'imported' && c.macro.package_name === importedPackage
    return strongest(this.#candidates(`generate_${component}_name`).filter(fits))?.macro
  }

  /** The macro of a materialization for this warehouse, by dbt's order. */
  findMaterialization(name: string): MaterializationChoice | undefined {
    let choice = this.#materializations.get(name)
    if (choice === undefined) {
      choice = this.#searchMaterialization(name)
      if (choice !== undefined) this.#materializations.set(name, choice)
    }
    return choice
  }

  #searchMaterialization(name: string): MaterializationChoice | undefined {
    const types = [...this.options.adapterTypes, 'default']
    return chooseMaterialization(
      types.map((type) => this.#candidates(`materialization_${name}_${type}`)),
      this.options.explicitMaterializationOverrides,
    )
  }

  /** Names of materializations there are for this warehouse: for hints. */
  materializationNames(): string[] {
    const found = new Set<string>()
    const pattern = new RegExp(`^materialization_(.+)_(?:${[...this.options.adapterTypes, 'default'].join('|')})$`)
    for (const name of this.#byName.keys()) {
      const match = pattern.exec(name)
      if (match !== null) found.add(match[1]!)
    }
    return [...found]
  }

  /** Packages `adapter.dispatch` looks through for a namespace; null stands for the usual order of names. */
  dispatchPackages(namespace: string | null): readonly (string | null)[] {
    if (namespace === null) return [null]
    const configured = this.options.dispatch.find((entry) => entry.macro_namespace === namespace)
    if (configured !== undefined && configured.search_order.length > 0) return configured.search_order
    if (this.options.packages.has(namespace)) return [this.options.rootPackage, namespace]
    return [null]
  }

  /** Prefixes `adapter.dispatch` tries, in order: `['duckdb', 'default']`. */
  get dispatchPrefixes(): readonly string[] {
    return [...this.options.adapterTypes, 'default']
  }

  /**
   * The macro `adapter.dispatch(name, namespace)` means for a template of `localPackage`; null: where nothing is
   * rendered, and a macro of any package will do.
   * @param also packages whose macros count as the template's own: those of a generic test's macros.
   * @throws PlumbError listing what was looked for when there is none.
   */
  dispatch(
    name: string,
    namespace: string | null,
    localPackage: string | null,
    also: readonly string[] = [],
  ): MacroNode {
    const key = [localPackage ?? '', namespace ?? '', name, ...also].join('\u0000')
    let found = this.#dispatched.get(key)
    if (found === undefined) {
      found = this.#searchDispatched(name, namespace, localPackage, also)
      this.#dispatched.set(key, found)
    }
    return found
  }

  #searchDispatched(
    name: string,
    namespace: string | null,
    localPackage: string | null,
    also: readonly string[],
  ): MacroNode {
    const attempts: string[] = []
    for (const packageName of this.dispatchPackages(namespace)) {
      for (const prefix of this.dispatchPrefixes) {
        const wanted = `${prefix}__${name}`
        attempts.push(packageName === null ? wanted : `${packageName}.${wanted}`)
        const found =
          packageName === null
            ? [localPackage, ...also].map((each) => this.#visible(each, wanted)).find((each) => each !== undefined)
            : this.inPackage(packageName, wanted)
        if (found !== undefined) return found
      }
    }
    fail(
      'compilation',
      'dispatch-not-found',
      `In dispatch: No macro named '${name}' found within namespace: '${namespace ?? 'None'}'\n` +
        `    Searched for: ${attempts.map((a) => `'${a}'`).join(', ')}`,
    )
  }

  /** The compiled form of a macro, made on first use. */
  compiled(macro: MacroNode): CompiledMacro {
    let compiled = this.#compiled.get(macro.unique_id)
    if (compiled === undefined) {
      const origin = this.#origins.get(macro.unique_id)
      compiled = compileMacro(macro.macro_sql, {
        file: macro.original_file_path,
        name: macro.name,
        packageName: macro.package_name,
        ...(origin === undefined ? {} : { origin }),
      })
      this.#compiled.set(macro.unique_id, compiled)
    }
    return compiled
  }

  /** Every macro there is. */
  all(): Iterable<MacroNode> {
    return this.#byId.values()
  }

  /** The macro a bare name means, to templates of a package or to whoever does not render. */
  #visible(localPackage: string | null, name: string): MacroNode | undefined {
    if (localPackage === null) return this.#everywhere().get(name)
    const entry = this.namespaceOf(localPackage).find(name)
    return entry?.kind === 'macro' ? entry.macro : undefined
  }

  #candidates(name: string): MacroCandidate[] {
    return (this.#byName.get(name) ?? []).map((macro) => ({ macro, locality: this.#localityOf(macro) }))
  }

  #localityOf(macro: MacroNode): Locality {
    if (macro.package_name === this.options.rootPackage) return 'root'
    return this.options.builtinPackages.includes(macro.package_name) ? 'builtin' : 'imported'
  }

  #everywhere(): MacroTable {
    if (this.#flat === undefined) {
      const flat = new Map(this.builtins)
      for (const table of this.#packages.values()) for (const [name, macro] of table) flat.set(name, macro)
      for (const [name, macro] of this.#packages.get(this.options.rootPackage) ?? []) flat.set(name, macro)
      this.#flat = flat
    }
    return this.#flat
  }
}

function throwDuplicateMacro(macro: MacroNode, other: MacroNode): never {
  fail(
    'compilation',
    'duplicate-macro',
    `dbt found multiple macros named "${macro.name}" in the project\n"${macro.package_name}".\n` +
      ' All macros require unique names, to fix this error rename or remove any duplicates. They can be found in:\n' +
      `    - ${other.original_file_path}\n    - ${macro.original_file_path}`,
  )
}

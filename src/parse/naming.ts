import type { MacroRegistry } from '../context/index.js'
import { toStr, type Value, walkExpressions } from '../jinja/index.js'
import type { MacroNode, NodeConfig, NodeVersion, ParsedNode } from '../manifest/index.js'
import type { Package } from '../project/index.js'
import type { MacroAsts } from './templates/macro-effects.js'

export type NameComponent = 'database' | 'schema' | 'alias'

/** What is named: a node, or the export of a saved query. */
export interface NamedThing {
  readonly package_name?: string
  readonly name: string
  readonly version?: NodeVersion | null
}

export interface RelationNamerOptions {
  readonly macros: MacroRegistry
  readonly asts: MacroAsts
  readonly packages: Iterable<Package>
  readonly target: { readonly database: string; readonly schema: string }
  /** Runs a `generate_<component>_name` macro. */
  readonly run: (macro: MacroNode, custom: string | null, node: unknown) => Promise<Value>
  /** The full name of a relation as it is written into queries. */
  readonly render: (node: ParsedNode) => string
  readonly storeFailures: boolean
}

/** `custom` is what the configuration asks for. */
type Namer = (custom: string | null, node: NamedThing) => string | null | Promise<string | null>

/**
 * Gives nodes database, schema, alias and relation name through the project's `generate_*_name` macros. The built-in
 * macros are answered here without running them; a project's macro that does not look at the node is run once for each
 * configured name.
 */
export class RelationNamer {
  readonly #default: { readonly [C in NameComponent]: Namer }
  readonly #ofPackages = new Map<string, { readonly [C in NameComponent]?: Namer }>()

  constructor(readonly options: RelationNamerOptions) {
    const { macros } = options
    const usual = (component: NameComponent): Namer => {
      const macro = macros.findGenerateName(component)
      return macro === undefined ? (_custom, node) => node.name : this.#namer(component, macro)
    }
    this.#default = { database: usual('database'), schema: usual('schema'), alias: usual('alias') }
    for (const pkg of options.packages) {
      if (pkg.kind !== 'installed') continue
      const own: { [C in NameComponent]?: Namer } = {}
      for (const component of ['database', 'schema', 'alias'] as const) {
        const macro = macros.findGenerateName(component, pkg.name)
        if (macro !== undefined) own[component] = this.#namer(component, macro)
      }
      if (Object.keys(own).length > 0) this.#ofPackages.set(pkg.name, own)
    }
  }

  /** Names a node by its configuration. A promise only when a macro had to be run. */
  name(node: ParsedNode, config: NodeConfig): Promise<void> | undefined {
    const database = this.component('database', config.database ?? null, node)
    const schema = this.component('schema', config.schema ?? null, node)
    const alias = this.component('alias', config.alias ?? null, node)
    if (database instanceof Promise || schema instanceof Promise || alias instanceof Promise) {
      return Promise.all([database, schema, alias]).then(([d, s, a]) => this.#set(node, config, d, s, a))
    }
    this.#set(node, config, database, schema, alias)
    return undefined
  }

  /** One part of a name, as the package of `node` makes it. */
  component(which: NameComponent, custom: string | null, node: NamedThing): string | null | Promise<string | null> {
    const own = node.package_name === undefined ? undefined : this.#ofPackages.get(node.package_name)
    return (own?.[which] ?? this.#default[which])(custom, node)
  }

  #set(
    node: ParsedNode,
    config: NodeConfig,
    database: string | null,
    schema: string | null,
    alias: string | null,
  ): void {
    node.database = database
    node.schema = schema as string
    node.alias = alias as string
    if (node.resource_type === 'snapshot') {
      if (config['target_database']) node.database = String(config['target_database'])
      if (config['target_schema']) node.schema = String(config['target_schema'])
    }
    node.relation_name = this.#hasRelation(node) ? this.options.render(node) : null
  }

  #hasRelation(node: ParsedNode): boolean {
    switch (node.resource_type) {
      case 'model':
      case 'seed':
      case 'snapshot':
        return node.config.materialized !== 'ephemeral'
      case 'test':
        return Boolean(node.config['store_failures']) || this.options.storeFailures
      default:
        return false
    }
  }

  #namer(component: NameComponent, macro: MacroNode): Namer {
    if (this.#isBuiltin(component, macro)) return this.#builtin(component)
    const run = async (custom: string | null, node: NamedThing): Promise<string | null> => {
      const value = await this.options.run(macro, custom, node)
      return value === null || value === undefined ? null : toStr(value).trim()
    }
    if (usesNode(this.options.asts, macro)) return run
    const known = new Map<string | null, Promise<string | null>>()
    const ready = new Map<string | null, string | null>()
    return (custom, node) => {
      if (ready.has(custom)) return ready.get(custom) ?? null
      let answer = known.get(custom)
      if (answer === undefined) {
        answer = run(custom, node).then((value) => {
          ready.set(custom, value)
          return value
        })
        known.set(custom, answer)
      }
      return answer
    }
  }

  /** Is it the macro that comes with the tool, and does its dispatch end there too? */
  #isBuiltin(component: NameComponent, macro: MacroNode): boolean {
    const { macros } = this.options
    const builtin = macros.options.builtinPackages
    if (!builtin.includes(macro.package_name)) return false
    const name = `generate_${component}_name`
    const dispatched = macros.dispatch(name, 'dbt', macros.options.rootPackage)
    return builtin.includes(dispatched.package_name) && dispatched.name === `default__${name}`
  }

  #builtin(component: NameComponent): Namer {
    const { target } = this.options
    switch (component) {
      case 'database':
        return (custom) => (custom === null ? target.database : custom.trim())
      case 'schema':
        return (custom) => (custom === null ? target.schema : `${target.schema}_${custom.trim()}`.trim())
      case 'alias':
        return (custom, node) => {
          if (custom) return custom.trim()
          return node.version ? `${node.name}_v${toStr(node.version).replaceAll('.', '_')}` : node.name
        }
    }
  }
}

/** Does a macro look at its second parameter or at anything that differs between nodes? */
function usesNode(asts: MacroAsts, macro: MacroNode): boolean {
  const definition = asts.of(macro).body.find((s) => s.kind === 'macro')
  if (definition?.kind !== 'macro') return true
  const names = new Set(['node', 'model', 'this', 'varargs', 'kwargs', 'context', 'caller'])
  for (const param of definition.params.slice(1)) names.add(param.name)
  let used = false
  walkExpressions([definition], (expression) => {
    if (expression.kind === 'name' && names.has(expression.name)) used = true
  })
  return used
}

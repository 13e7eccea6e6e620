import { fail } from '../core/diagnostic.js'
import type {
  FunctionNode,
  GraphNode,
  Manifest,
  ManifestNode,
  MetricNode,
  NodeVersion,
  SourceDefinition,
  UniqueId,
} from '../manifest/index.js'

/** What `ref` may name. */
const REFABLE: ReadonlySet<string> = new Set(['model', 'seed', 'snapshot'])

/** A name that was looked up: found, found but disabled, or neither. */
export type Found<N> = { readonly node: N } | { readonly disabled: GraphNode } | undefined

type Table<N> = Map<string, Map<string, N>>

/**
 * Names of resources to resources, by dbt's order of packages. Built once from a manifest; `add` keeps it up to date
 * while a manifest grows.
 */
export class ManifestLookup {
  readonly #refable: Table<ManifestNode> = new Map()
  readonly #sources: Table<SourceDefinition> = new Map()
  readonly #metrics: Table<MetricNode> = new Map()
  readonly #functions: Table<FunctionNode> = new Map()
  readonly #disabled: Table<GraphNode[]> = new Map()

  /** @param nodePackageFirst the behaviour flag `require_ref_searches_node_package_before_root`. */
  constructor(
    manifest: Pick<Manifest, 'nodes' | 'sources' | 'metrics' | 'functions' | 'disabled'>,
    private readonly rootPackage: string,
    private readonly nodePackageFirst: boolean,
  ) {
    for (const section of [manifest.nodes, manifest.sources, manifest.metrics, manifest.functions]) {
      for (const id in section) this.add(section[id]!)
    }
    for (const id in manifest.disabled) for (const node of manifest.disabled[id]!) this.addDisabled(node)
  }

  add(node: GraphNode): void {
    if (node.resource_type === 'source') put(this.#sources, `${node.source_name}.${node.name}`, node.package_name, node)
    else if (node.resource_type === 'metric') put(this.#metrics, node.name, node.package_name, node)
    else if (node.resource_type === 'function') put(this.#functions, node.name, node.package_name, node)
    else if (node.resource_type === 'model' && node.version !== null) {
      put(this.#refable, `${node.name}.v${node.version}`, node.package_name, node)
      if (node.version === node.latest_version) put(this.#refable, node.name, node.package_name, node)
    } else if (isRefable(node)) put(this.#refable, node.name, node.package_name, node)
  }

  addDisabled(node: GraphNode): void {
    const name = searchName(node)
    const known = this.#disabled.get(name)?.get(node.package_name)
    if (known === undefined) put(this.#disabled, name, node.package_name, [node])
    else known.push(node)
  }

  /**
   * The node `ref(packageName, name, v=version)` means in a template of `fromPackage`.
   * @throws PlumbError when several packages have one of that name and none comes first.
   */
  ref(
    name: string,
    packageName: string | null,
    version: NodeVersion | null,
    fromPackage: string,
    fromId?: UniqueId,
  ): Found<ManifestNode> {
    const key = hasVersion(version) ? `${name}.v${version}` : name
    let disabled: GraphNode | undefined
    for (const candidate of this.#packagesToSearch(fromPackage, packageName)) {
      const found = this.#refIn(key, candidate, fromId)
      if (found?.config.enabled) return { node: found }
      disabled ??= this.#disabledIn(key, candidate, (node) => REFABLE.has(node.resource_type))
    }
    return disabled && { disabled }
  }

  source(sourceName: string, tableName: string, fromPackage: string): Found<SourceDefinition> {
    return this.#search(this.#sources, `${sourceName}.${tableName}`, null, fromPackage)
  }

  metric(name: string, packageName: string | null, fromPackage: string): Found<MetricNode> {
    return this.#search(this.#metrics, name, packageName, fromPackage)
  }

  function(name: string, packageName: string | null, fromPackage: string): Found<FunctionNode> {
    return this.#search(this.#functions, name, packageName, fromPackage)
  }

  /** Names `ref` could mean, for hints. */
  refableNames(): Iterable<string> {
    return this.#refable.keys()
  }

  /** `source.table` of every source, for hints. */
  sourceNames(): Iterable<string> {
    return this.#sources.keys()
  }

  metricNames(): Iterable<string> {
    return this.#metrics.keys()
  }

  functionNames(): Iterable<string> {
    return this.#functions.keys()
  }

  #search<N extends GraphNode>(table: Table<N>, name: string, target: string | null, from: string): Found<N> {
    let disabled: GraphNode | undefined
    for (const packageName of this.#packagesToSearch(from, target)) {
      const byPackage = table.get(name)
      const found = packageName === null ? firstOf(byPackage) : byPackage?.get(packageName)
      if (found !== undefined && isEnabled(found)) return { node: found }
      disabled ??= this.#disabledIn(name, packageName, () => true)
    }
    return disabled && { disabled }
  }

  #refIn(key: string, packageName: string | null, fromId: UniqueId | undefined): ManifestNode | undefined {
    const byPackage = this.#refable.get(key)
    if (byPackage === undefined) return undefined
    if (packageName !== null) return byPackage.get(packageName)
    if (byPackage.size > 1) {
      const ids = [...byPackage.values()].map((node) => node.unique_id)
      fail(
        'compilation',
        'ambiguous-ref',
        `When referencing '${key}', dbt found nodes in multiple packages:\n  ${ids.join(', ')}`,
        {
          nodeId: fromId,
          hint: `name the package: ref('${[...byPackage.keys()][0]}', '${key}')`,
        },
      )
    }
    return firstOf(byPackage)
  }

  #disabledIn(name: string, packageName: string | null, fits: (node: GraphNode) => boolean): GraphNode | undefined {
    const byPackage = this.#disabled.get(name)
    const nodes = packageName === null ? firstOf(byPackage) : byPackage?.get(packageName)
    return nodes?.find(fits)
  }

  #packagesToSearch(fromPackage: string, target: string | null): readonly (string | null)[] {
    if (target !== null) return [target]
    if (fromPackage === this.rootPackage) return [this.rootPackage, null]
    if (this.nodePackageFirst) return [fromPackage, this.rootPackage, null]
    return [this.rootPackage, fromPackage, null]
  }
}

/** The name a resource is looked up by. */
export function searchName(node: GraphNode): string {
  if (node.resource_type === 'source') return `${node.source_name}.${node.name}`
  if (node.resource_type === 'model' && node.version !== null) return `${node.name}.v${node.version}`
  return node.name
}

/** dbt takes `v=0` and `v=''` for no version. */
function hasVersion(version: NodeVersion | null): version is NodeVersion {
  return version !== null && version !== '' && version !== 0
}

function isRefable(node: GraphNode): node is ManifestNode {
  return REFABLE.has(node.resource_type)
}

function isEnabled(node: GraphNode): boolean {
  return node.config.enabled
}

function firstOf<N>(table: Map<string, N> | undefined): N | undefined {
  return table?.values().next().value
}

function put<N>(table: Table<N>, name: string, packageName: string, node: N): void {
  const byPackage = table.get(name)
  if (byPackage === undefined) table.set(name, new Map([[packageName, node]]))
  else byPackage.set(packageName, node)
}

import { fail } from '../../core/diagnostic.js'
import type { GraphNode, ManifestNode, NodeVersion, ResourceType } from '../../manifest/index.js'

type ByPackage = Map<string, ManifestNode>

const REFABLE: ReadonlySet<ResourceType> = new Set<ResourceType>(['model', 'seed', 'snapshot'])

/**
 * Nodes by name while properties files are joined to them. Kept up to date as nodes are added, renamed to versions, or
 * found to be disabled.
 */
export class NodeNames {
  readonly #refable = new Map<string, ByPackage>()
  readonly #analyses = new Map<string, ByPackage>()
  readonly #singularTests = new Map<string, ByPackage>()
  readonly #disabled = new Map<string, Map<string, GraphNode[]>>()

  add(node: ManifestNode): void {
    if (node.resource_type === 'analysis') put(this.#analyses, node.name, node)
    else if (node.resource_type === 'test' && node.test_metadata === undefined) {
      put(this.#singularTests, node.name, node)
    } else if (REFABLE.has(node.resource_type)) {
      if (node.resource_type === 'model' && node.version !== null) {
        put(this.#refable, `${node.name}.v${node.version}`, node)
        if (node.version === node.latest_version) put(this.#refable, node.name, node)
      } else put(this.#refable, node.name, node)
    }
  }

  /** Forgets a node under the name it was added by. */
  remove(node: ManifestNode, name: string): void {
    const found = this.#refable.get(name)
    if (found?.get(node.package_name) === node) found.delete(node.package_name)
  }

  addDisabled(node: GraphNode): void {
    const name = disabledName(node)
    let packages = this.#disabled.get(name)
    if (packages === undefined) this.#disabled.set(name, (packages = new Map()))
    const nodes = packages.get(node.package_name)
    if (nodes === undefined) packages.set(node.package_name, [node])
    else nodes.push(node)
  }

  /** Forgets a disabled resource; `name` is what it was added by, when it has another name now. */
  removeDisabled(node: GraphNode, name = disabledName(node)): void {
    const packages = this.#disabled.get(name)
    const nodes = packages?.get(node.package_name)
    if (nodes === undefined) return
    const rest = nodes.filter((n) => n.unique_id !== node.unique_id)
    if (rest.length > 0) packages?.set(node.package_name, rest)
    else packages?.delete(node.package_name)
  }

  /**
   * The model, seed or snapshot of a name: of one package, or of any when the name is given to one only.
   * @throws PlumbError when several packages have one.
   */
  refable(name: string, packageName: string | null, version: NodeVersion | null = null): ManifestNode | undefined {
    const key = version ? `${name}.v${version}` : name
    const packages = this.#refable.get(key)
    if (packages === undefined || packages.size === 0) return undefined
    if (packageName !== null) return packages.get(packageName)
    if (packages.size > 1) failAmbiguous(key, [...packages.values()])
    return packages.values().next().value
  }

  analysis(name: string): ManifestNode | undefined {
    const packages = this.#analyses.get(name)
    if (packages !== undefined && packages.size > 1) failAmbiguous(name, [...packages.values()])
    return packages?.values().next().value
  }

  singularTest(name: string, packageName: string): ManifestNode | undefined {
    return this.#singularTests.get(name)?.get(packageName)
  }

  /** Disabled resources of a name and type; those of one package, or of the first that has one. */
  disabled(name: string, packageName: string | null, types?: readonly ResourceType[]): GraphNode[] {
    const packages = this.#disabled.get(name)
    const nodes = packageName === null ? packages?.values().next().value : packages?.get(packageName)
    if (nodes === undefined) return []
    return types === undefined ? nodes : nodes.filter((node) => types.includes(node.resource_type))
  }

  /** Names of what a properties file could mean: for hints. */
  *namesOf(type: 'refable' | 'analysis' | 'singularTest'): Iterable<string> {
    const table = type === 'refable' ? this.#refable : type === 'analysis' ? this.#analyses : this.#singularTests
    yield* table.keys()
  }
}

function disabledName(node: GraphNode): string {
  if (node.resource_type === 'source') return `${node.source_name}.${node.name}`
  return node.resource_type === 'model' && node.version !== null ? `${node.name}.v${node.version}` : node.name
}

function put(table: Map<string, ByPackage>, name: string, node: ManifestNode): void {
  const packages = table.get(name)
  if (packages === undefined) table.set(name, new Map([[node.package_name, node]]))
  else packages.set(node.package_name, node)
}

function failAmbiguous(name: string, nodes: readonly ManifestNode[]): never {
  const ids = nodes.map((node) => `'${node.unique_id}'`).join(', ')
  const packages = nodes.map((node) => `'${node.package_name}'`).join(' or ')
  fail(
    'compilation',
    'ambiguous-name',
    `When referencing '${name}', dbt found nodes in multiple packages: ${ids}\n` +
      `To fix this, use two-argument 'ref', with the package name first: ${packages}`,
  )
}

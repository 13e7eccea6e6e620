import { fail } from '../../core/diagnostic.js'
import { didYouMean } from '../../core/did-you-mean.js'
import type { Manifest, ManifestNode, MetricNode, SourceDefinition, UniqueId } from '../../manifest/index.js'

export type TableNode = ManifestNode | SourceDefinition

/** What has rows that can be asked for. */
export function tablesOf(manifest: Manifest): TableNode[] {
  const nodes = Object.values(manifest.nodes).filter((node) =>
    ['model', 'seed', 'snapshot'].includes(node.resource_type),
  )
  return [...nodes, ...Object.values(manifest.sources)]
}

/** The names a table goes by in rules: `orders`, `orders.v2`, `shop.orders`, `raw.orders` (sources), its unique_id. */
function tableNames(node: TableNode): string[] {
  if (node.resource_type === 'source')
    return [`${node.source_name}.${node.name}`, `source:${node.source_name}.${node.name}`, node.unique_id]
  const version = 'version' in node && node.version !== null && node.version !== undefined ? `.v${node.version}` : ''
  return [node.name, `${node.name}${version}`, `${node.package_name}.${node.name}`, node.unique_id]
}

/**
 * The tables that names, patterns (`mart_*`), `tag:x` and `group:x` mean.
 * @throws PlumbError `policy-name` for one that means nothing: a rule about nothing protects nothing.
 */
export function resolveTables(manifest: Manifest, names: readonly string[], at: string): Set<UniqueId> {
  const tables = tablesOf(manifest)
  const found = new Set<UniqueId>()
  for (const name of names) {
    const matches = tables.filter((node) => matchesTable(node, name))
    if (matches.length === 0) noSuch('table', name, at, tables.flatMap(tableNames))
    for (const node of matches) found.add(node.unique_id)
  }
  return found
}

function matchesTable(node: TableNode, name: string): boolean {
  if (name.startsWith('tag:')) return node.tags.includes(name.slice(4))
  if (name.startsWith('group:')) return 'group' in node && node.group === name.slice(6)
  // `*` is every model; sources and seeds are raw, and have to be named.
  if (name.includes('*')) return node.resource_type === 'model' && pattern(name).test(node.name)
  return tableNames(node).includes(name)
}

/** As `resolveTables`, for metrics: their names. */
export function resolveMetrics(manifest: Manifest, names: readonly string[], at: string): Set<string> {
  const metrics = Object.values(manifest.metrics)
  const found = new Set<string>()
  for (const name of names) {
    const matches = metrics.filter((metric) => matchesMetric(metric, name))
    if (matches.length === 0 && !name.includes('*'))
      noSuch(
        'metric',
        name,
        at,
        metrics.map((metric) => metric.name),
      )
    for (const metric of matches) found.add(metric.name.toLowerCase())
  }
  return found
}

function matchesMetric(metric: MetricNode, name: string): boolean {
  if (name.startsWith('tag:')) return [...metric.tags, ...(metric.config.tags ?? [])].includes(name.slice(4))
  if (name.startsWith('group:')) return metric.group === name.slice(6)
  return name.includes('*') ? pattern(name).test(metric.name) : metric.name === name || metric.unique_id === name
}

function pattern(name: string): RegExp {
  const escaped = name.split('*').map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
  return new RegExp(`^${escaped.join('.*')}$`, 'i')
}

function noSuch(what: string, name: string, at: string, known: readonly string[]): never {
  fail('project', 'policy-name', `${at} speaks of the ${what} '${name}', which the project does not have`, {
    hint: didYouMean(name, known),
  })
}

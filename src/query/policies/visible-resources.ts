import type { GraphNode, Manifest, UniqueId } from '../../manifest/index.js'

/** Every resource of a project: sources first, then as the manifest has them. */
export function allResources(manifest: Manifest): GraphNode[] {
  return [
    ...Object.values(manifest.sources),
    ...Object.values(manifest.nodes).filter((node) => node.resource_type !== 'operation'),
    ...Object.values(manifest.functions ?? {}),
    ...Object.values(manifest.semantic_models),
    ...Object.values(manifest.metrics),
    ...Object.values(manifest.saved_queries),
    ...Object.values(manifest.exposures),
    ...Object.values(manifest.unit_tests),
  ]
}

/**
 * The resources a caller is told of: the metrics and tables they may ask for; and tests, exposures, saved queries and
 * whatever else stands on others, when everything they look at is among them.
 */
export function visibleResources(
  manifest: Manifest,
  metrics: ReadonlySet<string>,
  tables: ReadonlySet<UniqueId>,
): ReadonlySet<UniqueId> {
  const all = allResources(manifest)
  const seen = new Set<UniqueId>()
  const mayBeSeen = (node: GraphNode): boolean => {
    switch (node.resource_type) {
      case 'metric':
        return metrics.has(node.name)
      case 'model':
      case 'seed':
      case 'snapshot':
      case 'source':
      case 'function':
        return tables.has(node.unique_id)
      default: {
        const parents = node.depends_on.nodes
        return parents.length > 0 && parents.every((id) => seen.has(id))
      }
    }
  }
  // In several rounds: what something looks at may come after it.
  for (let before = -1; before !== seen.size; ) {
    before = seen.size
    for (const node of all) if (!seen.has(node.unique_id) && mayBeSeen(node)) seen.add(node.unique_id)
  }
  return seen
}

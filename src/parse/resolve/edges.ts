import type { GraphNode, Manifest, UniqueId } from '../../manifest/index.js'

/** Fills in `parent_map`, `child_map` and `group_map`. */
export function buildEdges(manifest: Manifest): void {
  const parents: Record<UniqueId, UniqueId[]> = {}
  const children: Record<UniqueId, UniqueId[]> = {}
  const resources = inMapOrder(manifest)
  for (const { unique_id: id } of resources) children[id] = []
  for (const node of resources) {
    const id = node.unique_id
    const nodes = 'depends_on' in node && 'nodes' in node.depends_on ? node.depends_on.nodes : []
    parents[id] = nodes.length < 2 ? [...nodes] : [...nodes].sort()
    for (const parent of nodes) children[parent]?.push(id)
  }
  for (const id in children) if (children[id]!.length > 1) children[id]!.sort()
  manifest.parent_map = parents
  manifest.child_map = children
  manifest.group_map = groupMap(manifest)
}

function inMapOrder(manifest: Manifest): GraphNode[] {
  return [
    manifest.nodes,
    manifest.sources,
    manifest.exposures,
    manifest.functions,
    manifest.metrics,
    manifest.semantic_models,
    manifest.saved_queries,
    manifest.unit_tests,
  ].flatMap((section) => Object.values(section))
}

function groupMap(manifest: Manifest): Record<string, UniqueId[]> {
  const map: Record<string, UniqueId[]> = {}
  for (const group of Object.values(manifest.groups)) map[group.name] = []
  for (const section of [manifest.nodes, manifest.saved_queries, manifest.semantic_models, manifest.metrics]) {
    for (const node of Object.values(section)) if (node.group !== null) map[node.group]?.push(node.unique_id)
  }
  return map
}

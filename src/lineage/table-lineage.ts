import { dependenciesOf } from '../graph/index.js'
import type { ColumnInfo, GraphNode, Manifest, UniqueId } from '../manifest/index.js'
import { createLineageGraph, type LineageGraph } from './graph.js'
import type { LineageColumn, LineageEdge, LineageNode } from './types.js'

/** Lineage as the manifest alone tells it: which resource reads which. Nothing is compiled or parsed. */
export function tableLineage(manifest: Manifest): LineageGraph {
  const nodes: LineageNode[] = []
  const edges: LineageEdge[] = []
  for (const resource of resourcesOf(manifest)) {
    nodes.push({
      id: resource.unique_id,
      name: resource.name,
      type: resource.resource_type,
      level: 'table',
      reason: 'its SQL was not read',
      columns: declaredColumns(resource),
    })
    edges.push(...readsOf(resource))
  }
  return createLineageGraph(nodes, edges)
}

/** One edge for everything a resource depends on. */
export function readsOf(resource: GraphNode): LineageEdge[] {
  const to = { node: resource.unique_id, column: null }
  const kind = resource.resource_type === 'test' || resource.resource_type === 'unit_test' ? 'tests' : 'reads'
  return [...new Set(dependenciesOf(resource))].map((node: UniqueId) => ({ from: { node, column: null }, to, kind }))
}

export function* resourcesOf(manifest: Manifest): Generator<GraphNode> {
  const sections: readonly Readonly<Record<UniqueId, GraphNode>>[] = [
    manifest.sources,
    manifest.nodes,
    manifest.semantic_models,
    manifest.metrics,
    manifest.saved_queries,
    manifest.exposures,
    manifest.unit_tests,
    manifest.functions,
  ]
  for (const section of sections) for (const id in section) yield section[id]!
}

/** The columns of a resource that YAML describes. */
export function declaredColumns(resource: GraphNode): LineageColumn[] {
  if (!('columns' in resource)) return []
  return Object.values(resource.columns).map(describeColumn)
}

export function describeColumn(column: ColumnInfo): LineageColumn {
  const tags = [...new Set([...(column.tags ?? []), ...(column.config?.tags ?? [])])]
  return { name: column.name, type: column.data_type ?? null, description: column.description, tags }
}

import { childrenOf, type Dag } from '../graph/index.js'
import type { GraphNode, UniqueId } from '../manifest/index.js'

/**
 * What a table is for. `core`: an exposure, a semantic model or another project stands on it. `temporary`: only other
 * models do: a step on the way. `orphan`: nobody does.
 */
export type TableRole = 'core' | 'temporary' | 'orphan'

const CONSUMERS = new Set(['exposure', 'semantic_model', 'metric', 'saved_query'])

/** The role of a model, seed, snapshot or source; undefined for what is no table. */
export function roleOf(node: GraphNode, dag: Dag): TableRole | undefined {
  if (!['model', 'seed', 'snapshot', 'source'].includes(node.resource_type)) return undefined
  const readers = childrenOf(dag, node.unique_id).map((id) => dag.nodes[dag.indexOf.get(id)!]!.resource_type)
  if (readers.some((type) => CONSUMERS.has(type))) return 'core'
  if (node.resource_type === 'model' && node.access === 'public') return 'core'
  if (node.resource_type === 'model' && node.time_spine !== null && node.time_spine !== undefined) return 'core'
  return readers.some((type) => type === 'model' || type === 'snapshot' || type === 'seed') ? 'temporary' : 'orphan'
}

/** The roles of all tables. */
export function tableRoles(dag: Dag): Map<UniqueId, TableRole> {
  const roles = new Map<UniqueId, TableRole>()
  for (const node of dag.nodes) {
    const role = roleOf(node, dag)
    if (role !== undefined) roles.set(node.unique_id, role)
  }
  return roles
}

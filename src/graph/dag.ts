import type { GraphNode, UniqueId } from '../manifest/index.js'

/** Neighbours of every node, packed: those of node `i` are `targets[start[i]] .. targets[start[i + 1] - 1]`. */
export interface Adjacency {
  readonly start: Int32Array
  readonly targets: Int32Array
}

/**
 * The dependency graph of a manifest. Nodes are numbered; edges point from what is depended on to what depends on it.
 * Plain arrays, because this is built on every invocation and walked for every selection.
 */
export interface Dag {
  /** Id of each node, in the order dbt links them. */
  readonly ids: readonly UniqueId[]
  readonly nodes: readonly GraphNode[]
  readonly indexOf: ReadonlyMap<UniqueId, number>
  readonly parents: Adjacency
  readonly children: Adjacency
  /** Every node, parents before children. */
  readonly topological: Int32Array
}

/** What a node depends on directly; nothing for sources and seeds. */
export function dependenciesOf(node: GraphNode): readonly UniqueId[] {
  if (node.resource_type === 'source' || node.resource_type === 'seed') return []
  return node.depends_on.nodes
}

/** Ids of the direct parents. Unknown ids have none. */
export function parentsOf(dag: Dag, id: UniqueId): UniqueId[] {
  return neighboursOf(dag, id, dag.parents)
}

/** Ids of the direct children. Unknown ids have none. */
export function childrenOf(dag: Dag, id: UniqueId): UniqueId[] {
  return neighboursOf(dag, id, dag.children)
}

/** Everything upstream of `ids`, without themselves unless one is upstream of another; up to `depth` steps away. */
export function ancestorsOf(dag: Dag, ids: Iterable<UniqueId>, depth: number | null = null): Set<UniqueId> {
  return closureOf(dag, ids, dag.parents, depth)
}

/** Everything downstream of `ids`, without themselves unless one is downstream of another; up to `depth` steps away. */
export function descendantsOf(dag: Dag, ids: Iterable<UniqueId>, depth: number | null = null): Set<UniqueId> {
  return closureOf(dag, ids, dag.children, depth)
}

/**
 * Marks what is reachable from the nodes marked in `from`, within `depth` steps (null: all the way), walking only
 * nodes marked in `within`. A starting node is marked only when another one leads to it.
 */
export function reach(
  adjacency: Adjacency,
  from: Uint8Array,
  depth: number | null = null,
  within?: Uint8Array,
): Uint8Array {
  const { start, targets } = adjacency
  const reached = new Uint8Array(from.length)
  let layer: number[] = []
  for (let i = 0; i < from.length; i++) if (from[i] === 1) layer.push(i)
  for (let step = 0; layer.length > 0 && (depth === null || step < depth); step++) {
    const next: number[] = []
    for (const node of layer) {
      for (let e = start[node]!; e < start[node + 1]!; e++) {
        const other = targets[e]!
        if (reached[other] === 1 || (within !== undefined && within[other] === 0)) continue
        reached[other] = 1
        next.push(other)
      }
    }
    layer = next
  }
  return reached
}

function neighboursOf(dag: Dag, id: UniqueId, { start, targets }: Adjacency): UniqueId[] {
  const index = dag.indexOf.get(id)
  if (index === undefined) return []
  const found: UniqueId[] = []
  for (let e = start[index]!; e < start[index + 1]!; e++) found.push(dag.ids[targets[e]!]!)
  return found
}

function closureOf(dag: Dag, ids: Iterable<UniqueId>, adjacency: Adjacency, depth: number | null): Set<UniqueId> {
  const from = new Uint8Array(dag.ids.length)
  for (const id of ids) {
    const index = dag.indexOf.get(id)
    if (index !== undefined) from[index] = 1
  }
  const reached = reach(adjacency, from, depth)
  return new Set(dag.ids.filter((_, i) => reached[i] === 1))
}

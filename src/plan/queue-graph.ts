import type { Dag } from '../graph/index.js'
import type { UniqueId } from '../manifest/index.js'
import type { TestEdge } from './test-edges.js'

/** One selected node in its place: what it waits for among the selected, and how far down it lies. */
export interface Queued {
  readonly index: number
  readonly id: UniqueId
  /** Ids of selected nodes, reached directly or through nodes that are not selected. */
  readonly after: readonly UniqueId[]
  /** Longest way from a node that waits for nothing. */
  readonly level: number
}

/** The selected part of the graph, parents before children; ways through what is not selected are kept. */
export function queueGraph(dag: Dag, selected: ReadonlySet<UniqueId>, extraEdges: readonly TestEdge[]): Queued[] {
  const extraParents = new Map<number, number[]>()
  for (const [test, node] of extraEdges) {
    const list = extraParents.get(node)
    if (list === undefined) extraParents.set(node, [test])
    else list.push(test)
  }
  const { start, targets } = dag.parents
  const seen = new Int32Array(dag.ids.length).fill(-1)
  const level = new Int32Array(dag.ids.length)
  /** For nodes that are not selected: the nearest selected nodes above. */
  const nearest = new Map<number, readonly number[]>()
  const queue: Queued[] = []

  for (const node of topologicalWith(dag, extraEdges, extraParents)) {
    const above: number[] = []
    const add = (other: number): void => {
      if (seen[other] === node) return
      seen[other] = node
      above.push(other)
    }
    const visit = (parent: number): void => {
      if (selected.has(dag.ids[parent]!)) add(parent)
      else nearest.get(parent)?.forEach(add)
    }
    for (let e = start[node]!; e < start[node + 1]!; e++) visit(targets[e]!)
    extraParents.get(node)?.forEach(visit)

    if (!selected.has(dag.ids[node]!)) {
      if (above.length > 0) nearest.set(node, above)
      continue
    }
    let depth = 0
    for (const other of above) depth = Math.max(depth, level[other]! + 1)
    level[node] = depth
    queue.push({ index: node, id: dag.ids[node]!, after: above.map((i) => dag.ids[i]!), level: depth })
  }
  return queue
}

/** The dag's order, with the extra edges respected. */
function topologicalWith(
  dag: Dag,
  extraEdges: readonly TestEdge[],
  extraParents: ReadonlyMap<number, readonly number[]>,
): Iterable<number> {
  if (extraEdges.length === 0) return dag.topological
  const extraChildren = new Map<number, number[]>()
  for (const [test, node] of extraEdges) {
    const list = extraChildren.get(test)
    if (list === undefined) extraChildren.set(test, [node])
    else list.push(node)
  }
  const { parents, children } = dag
  const waiting = new Int32Array(dag.ids.length)
  const order: number[] = []
  for (let i = 0; i < waiting.length; i++) {
    waiting[i] = parents.start[i + 1]! - parents.start[i]! + (extraParents.get(i)?.length ?? 0)
    if (waiting[i] === 0) order.push(i)
  }
  const done = (child: number): void => {
    if (--waiting[child]! === 0) order.push(child)
  }
  for (const node of order) {
    for (let e = children.start[node]!; e < children.start[node + 1]!; e++) done(children.targets[e]!)
    extraChildren.get(node)?.forEach(done)
  }
  return order
}

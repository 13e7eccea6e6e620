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
  const { ids } = dag
  const { start, targets } = dag.parents
  const extra = listsOf(extraEdges, 1)
  const isSelected = Uint8Array.from(ids, (id) => (selected.has(id) ? 1 : 0))
  const seen = new Int32Array(ids.length).fill(-1)
  const level = new Int32Array(ids.length)
  /** Of selected nodes, what they wait for; of others, the nearest selected nodes above. */
  const above: (readonly number[] | undefined)[] = new Array(ids.length)
  const queue: Queued[] = []

  for (const node of topologicalWith(dag, extraEdges, extra)) {
    const found: number[] = []
    const more = extra[node] ?? NOTHING
    const count = start[node + 1]! - start[node]!
    for (let e = 0; e < count + more.length; e++) {
      const parent = e < count ? targets[start[node]! + e]! : more[e - count]!
      const candidates = isSelected[parent] === 1 ? undefined : (above[parent] ?? NOTHING)
      for (let c = 0; c < (candidates?.length ?? 1); c++) {
        const other = candidates === undefined ? parent : candidates[c]!
        if (seen[other] === node) continue
        seen[other] = node
        found.push(other)
      }
    }
    const needed = found.length <= FEW ? found : withoutImplied(found, above)
    if (needed.length > 0) above[node] = needed
    if (isSelected[node] === 0) continue
    let depth = 0
    const after: UniqueId[] = []
    for (const other of needed) {
      if (level[other]! >= depth) depth = level[other]! + 1
      after.push(ids[other]!)
    }
    level[node] = depth
    queue.push({ index: node, id: ids[node]!, after, level: depth })
  }
  return queue
}

const NOTHING: readonly number[] = []

/** Up to so many are kept without asking whether one implies another. */
const FEW = 16

/** Leaves out nodes that another one of them waits for: where much is not selected, lists would grow without end. */
function withoutImplied(
  nodes: readonly number[],
  waitsFor: readonly (readonly number[] | undefined)[],
): readonly number[] {
  const implied = new Set<number>()
  for (const node of nodes) for (const other of waitsFor[node] ?? NOTHING) implied.add(other)
  return nodes.filter((node) => !implied.has(node))
}

/** The other ends of edges, by the end at `position`. */
function listsOf(edges: readonly TestEdge[], position: 0 | 1): (number[] | undefined)[] {
  const lists: (number[] | undefined)[] = []
  for (const edge of edges) {
    const key = edge[position]
    const list = lists[key]
    if (list === undefined) lists[key] = [edge[1 - position]!]
    else list.push(edge[1 - position]!)
  }
  return lists
}

/** The dag's order, with the extra edges respected. */
function topologicalWith(
  dag: Dag,
  extraEdges: readonly TestEdge[],
  extraParents: readonly (readonly number[] | undefined)[],
): Iterable<number> {
  if (extraEdges.length === 0) return dag.topological
  const extraChildren = listsOf(extraEdges, 0)
  const { parents, children } = dag
  const waiting = new Int32Array(dag.ids.length)
  const order = new Int32Array(dag.ids.length)
  let filled = 0
  for (let i = 0; i < waiting.length; i++) {
    waiting[i] = parents.start[i + 1]! - parents.start[i]! + (extraParents[i]?.length ?? 0)
    if (waiting[i] === 0) order[filled++] = i
  }
  for (let at = 0; at < filled; at++) {
    const node = order[at]!
    for (let e = children.start[node]!; e < children.start[node + 1]!; e++) {
      const child = children.targets[e]!
      if (--waiting[child]! === 0) order[filled++] = child
    }
    for (const child of extraChildren[node] ?? NOTHING) if (--waiting[child]! === 0) order[filled++] = child
  }
  return order
}

import { diagnostic, PlumbError } from '../core/diagnostic.js'
import { describeNode, findResource, type GraphNode, type Manifest, type UniqueId } from '../manifest/index.js'
import { cycleDiagnostics } from './cycles.js'
import { type Adjacency, type Dag, dependenciesOf } from './dag.js'

/**
 * Links the resources of a manifest.
 * @throws PlumbError `dependency-not-in-graph` when a node depends on something the manifest lacks, and
 *   `dependency-cycle` with the path of every cycle.
 */
export function buildDag(manifest: Manifest): Dag {
  const ids: UniqueId[] = []
  const nodes: GraphNode[] = []
  const indexOf = new Map<UniqueId, number>()
  const from: number[] = []
  const to: number[] = []

  const add = (node: GraphNode): number => {
    const known = indexOf.get(node.unique_id)
    if (known !== undefined) return known
    const index = ids.length
    ids.push(node.unique_id)
    nodes.push(node)
    indexOf.set(node.unique_id, index)
    return index
  }

  for (const node of inLinkingOrder(manifest)) {
    const index = add(node)
    const dependencies = dependenciesOf(node)
    for (let d = 0; d < dependencies.length; d++) {
      const id = dependencies[d]!
      if (d > 0 && dependencies.indexOf(id) < d) continue
      const parent = indexOf.get(id) ?? add(findResource(manifest, id) ?? missing(node, id))
      from.push(parent)
      to.push(index)
    }
  }

  const children = pack(ids.length, from, to)
  const parents = pack(ids.length, to, from)
  const topological = sortTopologically(parents, children)
  if (topological.length < ids.length)
    throw new PlumbError(cycleDiagnostics(ids, nodes, children, new Set(topological)))
  return { ids, nodes, indexOf, parents, children, topological }
}

/** dbt's order; it decides the numbers in graph_summary.json and which cycle is found first. */
function* inLinkingOrder(manifest: Manifest): Generator<GraphNode> {
  const sections: Record<UniqueId, GraphNode>[] = [
    manifest.sources,
    manifest.nodes,
    manifest.semantic_models,
    manifest.exposures,
    manifest.functions,
    manifest.metrics,
    manifest.unit_tests,
    manifest.saved_queries,
  ]
  for (const section of sections) for (const id in section) yield section[id]!
}

function missing(node: GraphNode, dependency: UniqueId): never {
  throw new PlumbError(
    diagnostic(
      'compilation',
      'dependency-not-in-graph',
      `'${node.unique_id}' depends on '${dependency}' which is not in the graph!`,
      { nodeId: node.unique_id, subject: describeNode(node) },
    ),
  )
}

/** Groups edges by their `key` end, in order of appearance. */
export function pack(size: number, key: readonly number[], value: readonly number[]): Adjacency {
  const start = new Int32Array(size + 1)
  for (const k of key) start[k + 1]!++
  for (let i = 0; i < size; i++) start[i + 1]! += start[i]!
  const at = start.slice(0, size)
  const targets = new Int32Array(key.length)
  for (let e = 0; e < key.length; e++) targets[at[key[e]!]!++] = value[e]!
  return { start, targets }
}

/** Kahn's algorithm; nodes of cycles and behind them are missing from the answer. */
export function sortTopologically(parents: Adjacency, children: Adjacency): Int32Array {
  const size = parents.start.length - 1
  const waiting = new Int32Array(size)
  const order = new Int32Array(size)
  let filled = 0
  for (let i = 0; i < size; i++) {
    waiting[i] = parents.start[i + 1]! - parents.start[i]!
    if (waiting[i] === 0) order[filled++] = i
  }
  for (let done = 0; done < filled; done++) {
    const node = order[done]!
    for (let e = children.start[node]!; e < children.start[node + 1]!; e++) {
      const child = children.targets[e]!
      if (--waiting[child]! === 0) order[filled++] = child
    }
  }
  return order.subarray(0, filled)
}

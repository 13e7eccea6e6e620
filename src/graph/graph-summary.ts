import type { UniqueId } from '../manifest/index.js'
import type { Dag } from './dag.js'

/** One node of graph_summary.json. */
export interface SummaryNode {
  readonly name: UniqueId
  readonly type: string
  readonly succ?: readonly number[]
}

/**
 * The `linked` part of graph_summary.json, or `with_test_edges` with the extra edges given as pairs [from, to].
 */
export function summarizeGraph(
  dag: Dag,
  extraEdges: Iterable<readonly [UniqueId, UniqueId]> = [],
): Record<number, SummaryNode> {
  const extra = new Map<number, Set<number>>()
  for (const [from, to] of extraEdges) {
    const source = dag.indexOf.get(from)
    const target = dag.indexOf.get(to)
    if (source === undefined || target === undefined) continue
    let targets = extra.get(source)
    if (targets === undefined) extra.set(source, (targets = new Set()))
    targets.add(target)
  }
  const { start, targets } = dag.children
  const summary: Record<number, SummaryNode> = {}
  dag.ids.forEach((name, i) => {
    const succ = [...new Set([...targets.subarray(start[i]!, start[i + 1]!), ...(extra.get(i) ?? [])])]
    summary[i] = { name, type: dag.nodes[i]!.resource_type, ...(succ.length > 0 ? { succ } : {}) }
  })
  return summary
}

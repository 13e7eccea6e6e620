import type { LineageGraph } from '../../lineage/index.js'
import type { UniqueId } from '../../manifest/index.js'
import type { SiteColumns } from './documents.js'

/** The edges between columns, by the numbers of their nodes; what only says which table is read is in the index. */
export function siteColumns(lineage: LineageGraph, numbers: ReadonlyMap<UniqueId, number>): SiteColumns {
  const edges: SiteColumns['edges'][number][] = []
  for (const { from, to, kind } of lineage.edges) {
    if (kind === 'reads' || kind === 'tests') continue
    const source = numbers.get(from.node)
    const target = numbers.get(to.node)
    if (source !== undefined && target !== undefined) edges.push([source, from.column, target, to.column, kind])
  }
  const tableLevel: [number, string][] = []
  for (const node of lineage.nodes.values()) {
    const number = numbers.get(node.id)
    if (number !== undefined && node.level === 'table' && node.reason !== null) tableLevel.push([number, node.reason])
  }
  return { edges, tableLevel }
}

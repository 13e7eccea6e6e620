import type { GraphNode } from '../../manifest/index.js'
import type { SiteFacts } from './site.js'

export interface KnownColumn {
  readonly name: string
  readonly type: string | null
}

/** The columns of a resource: as the warehouse had them, else as its SQL gives them, then what is only declared. */
export function knownColumns(node: GraphNode, { catalog, lineage }: SiteFacts): KnownColumn[] {
  const table = catalog?.nodes[node.unique_id] ?? catalog?.sources[node.unique_id]
  const built = Object.values(table?.columns ?? {}).toSorted((a, b) => a.index - b.index)
  const found: readonly KnownColumn[] = built.length > 0 ? built : (lineage.nodes.get(node.unique_id)?.columns ?? [])
  const names = new Set(found.map(({ name }) => name.toLowerCase()))
  const declared = 'columns' in node ? Object.values(node.columns ?? {}) : []
  return [
    ...found.map(({ name, type }) => ({ name, type })),
    ...declared
      .filter(({ name }) => !names.has(name.toLowerCase()))
      .map(({ name, data_type }) => ({ name, type: data_type ?? null })),
  ]
}

import type { UniqueId } from '../manifest/index.js'
import type { SchemaColumn } from '../sql/analyze/index.js'
import type { LineageGraph } from './graph.js'
import { type LineageNode, type Place, placeKey } from './types.js'

export interface ColumnChange {
  readonly node: UniqueId
  readonly column: string
  readonly kind: 'added' | 'removed' | 'retyped'
  /** Types before and after, where there was and is a column. */
  readonly before: string | null
  readonly after: string | null
}

type Columns = ReadonlyMap<UniqueId, readonly SchemaColumn[]>

/** Columns that came, went, or have another type. Only resources known on both sides are compared. */
export function columnChanges(before: Columns, after: Columns): ColumnChange[] {
  const changes: ColumnChange[] = []
  for (const [node, now] of after) {
    const then = before.get(node)
    if (then === undefined) continue
    const old = new Map(then.map((column) => [column.name.toLowerCase(), column]))
    const current = new Set(now.map(({ name }) => name.toLowerCase()))
    for (const { name, type } of now) {
      const was = old.get(name.toLowerCase())
      if (was === undefined) changes.push({ node, column: name, kind: 'added', before: null, after: type ?? null })
      else if (was.type && type && was.type.toLowerCase() !== type.toLowerCase())
        changes.push({ node, column: name, kind: 'retyped', before: was.type, after: type })
    }
    for (const { name, type } of then)
      if (!current.has(name.toLowerCase()))
        changes.push({ node, column: name, kind: 'removed', before: type ?? null, after: null })
  }
  return changes
}

/** Everything that uses a column: columns, tests, metrics, exposures; nearest first, the column's own table left out. */
export function usersOf(
  graph: LineageGraph,
  place: Place,
): readonly { readonly node: LineageNode; readonly place: Place }[] {
  const users = new Map<string, { node: LineageNode; place: Place }>()
  for (const { to } of graph.downstream(place).edges) {
    const node = graph.nodes.get(to.node)
    if (node !== undefined && to.node !== place.node) users.set(placeKey(to), { node, place: to })
  }
  return [...users.values()]
}

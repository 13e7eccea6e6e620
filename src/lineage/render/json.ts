import type { UniqueId } from '../../manifest/index.js'
import type { LineageGraph } from '../graph.js'
import type { TableRole } from '../roles.js'
import { type LineageSlice, placeKey } from '../types.js'

/** A slice as `--output json` prints it. */
export function lineageJson(slice: LineageSlice, graph: LineageGraph, roles: ReadonlyMap<UniqueId, TableRole>): string {
  const nodes = slice.nodes.map(({ id, name, type, level, reason, columns }) => ({
    unique_id: id,
    name,
    resource_type: type,
    level,
    ...(reason === null ? {} : { reason }),
    ...(roles.has(id) ? { role: roles.get(id) } : {}),
    columns: columns.map((column) => ({
      name: column.name,
      type: column.type,
      tags: graph.tagsOf({ node: id, column: column.name }),
    })),
  }))
  const edges = slice.edges.map(({ from, to, kind }) => ({ from: placeKey(from), to: placeKey(to), kind }))
  return JSON.stringify({ nodes, edges }, null, 2)
}

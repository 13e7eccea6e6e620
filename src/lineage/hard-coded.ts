import { dependenciesOf } from '../graph/index.js'
import { findResource, type Manifest, type UniqueId } from '../manifest/index.js'
import { isSystemTable } from '../sql/analyze/index.js'
import type { ReadNode } from './node-lineage.js'
import { tableName } from './statements.js'

/** A table that SQL names itself, where `ref()` or `source()` would tell the graph of it. */
export interface HardCodedTable {
  readonly node: UniqueId
  readonly path: string
  /** As it is written, or the full name of what it is. */
  readonly table: string
  /** The resource it is, when the project has it. */
  readonly is: UniqueId | null
}

export function findHardCoded(nodes: Iterable<ReadNode>): HardCodedTable[] {
  const found: HardCodedTable[] = []
  for (const { id, resource, statement } of nodes) {
    if (statement === undefined) continue
    const declared = new Set<string>([id, ...dependenciesOf(resource)])
    const through = new Set<string>('extra_ctes' in resource ? (resource.extra_ctes ?? []).map((cte) => cte.id) : [])
    for (const { table, known } of statement.tables) {
      if (declared.has(table) || through.has(table) || isSystemTable(table)) continue
      found.push({ node: id, path: resource.original_file_path, table, is: known ? table : null })
    }
  }
  return found
}

/** `"dev"."main"."orders" is written out: ref('orders') would let it be followed` */
export function hardCodedText({ table, is }: HardCodedTable, manifest: Manifest): string {
  const resource = is === null ? undefined : findResource(manifest, is)
  if (resource === undefined) return `${table} is written out in the SQL, and no source declares it`
  const name = [...(tableName(resource) ?? [table])].join('.')
  const call =
    resource.resource_type === 'source'
      ? `source('${resource.source_name}', '${resource.name}')`
      : `ref('${resource.name}')`
  return `${name} is written out in the SQL: ${call} would let it be followed`
}

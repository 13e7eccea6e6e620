import type { CatalogRow } from '../adapters/adapter.js'
import { ConnectionHolder, type RelationObject, type TemplateSession } from '../context/index.js'
import { fail, internalError, PlumbError } from '../core/diagnostic.js'
import type { ManifestNode, SourceDefinition, UniqueId } from '../manifest/index.js'
import { ownCatalog } from './own-catalog.js'
import { hasRelation } from './prepare-warehouse.js'

export interface CatalogColumn {
  readonly type: string
  readonly index: number
  readonly name: string
  readonly comment: string | null
}

export interface CatalogStat {
  readonly id: string
  readonly label: string
  readonly value: unknown
  readonly include: boolean
  readonly description: string
}

/** One relation of catalog.json. */
export interface CatalogTable {
  readonly metadata: {
    readonly type: string
    readonly schema: string
    readonly name: string
    readonly database: string | null
    readonly comment: string | null
    readonly owner: string | null
  }
  readonly columns: Record<string, CatalogColumn>
  readonly stats: Record<string, CatalogStat>
  readonly unique_id: UniqueId
}

/** What `docs generate` found in the warehouse. */
export interface CatalogFindings {
  readonly nodes: Record<UniqueId, CatalogTable>
  readonly sources: Record<UniqueId, CatalogTable>
  readonly errors: readonly string[] | null
}

/**
 * Asks the warehouse what the project's relations and sources look like.
 * @param selected only these; all when null.
 */
export async function readCatalog(
  session: TemplateSession,
  selected: ReadonlySet<UniqueId> | null,
): Promise<CatalogFindings> {
  if (session.adapter === null) throw internalError('The catalogue was to be read without a warehouse')
  session.invocation.emit({ name: 'BuildingCatalog', code: 'E044', level: 'info', msg: 'Building catalog', data: {} })
  const ids = idsByRelation(session)
  const schemas = [...ids.values()].flat().map(({ node }) => ({ database: node.database, schema: node.schema }))
  const distinct = [
    ...new Map(schemas.map((each) => [`${each.database}\u0000${each.schema}`.toLowerCase(), each])).values(),
  ]
  const holder = new ConnectionHolder(session.adapter, 'generate_catalog', null, session.invocation.emit)
  let rows: CatalogRow[] = []
  let errors: string[] | null = null
  try {
    const relations = () => [...ids.values()].flat().map(({ node }) => relationOf(session, node))
    rows =
      (await ownCatalog(session, holder, distinct, relations)) ??
      (await session.adapter.introspect.getCatalog(await holder.open(), distinct))
  } catch (error) {
    if (!(error instanceof PlumbError)) throw error
    errors = [error.message]
    // With --warn-error this ends the command.
    const msg = `Encountered an error while generating catalog: ${error.message}`
    session.invocation.emit({
      name: 'CatalogGenerationError',
      code: 'E040',
      level: 'warn',
      msg,
      data: { exc: error.message },
    })
  } finally {
    await holder.release()
  }
  return { ...assign(rows, ids, selected), errors }
}

function relationOf(session: TemplateSession, node: ManifestNode | SourceDefinition): RelationObject {
  return node.resource_type === 'source' ? session.relations.ofSource(node, true) : session.relations.ofNode(node)
}

interface Owner {
  readonly id: UniqueId
  readonly node: ManifestNode | SourceDefinition
}

/** Nodes and sources by the relation they stand for; a relation may be several sources. */
function idsByRelation(session: TemplateSession): Map<string, Owner[]> {
  const found = new Map<string, Owner[]>()
  const add = (key: string, owner: Owner): void => {
    const list = found.get(key)
    if (list === undefined) found.set(key, [owner])
    else list.push(owner)
  }
  for (const [id, node] of Object.entries(session.manifest.nodes)) {
    if (hasRelation(session, node)) add(keyOf(node.database, node.schema, node.alias), { id, node })
  }
  for (const [id, node] of Object.entries(session.manifest.sources)) {
    add(keyOf(node.database, node.schema, node.identifier), { id, node })
  }
  return found
}

function keyOf(database: string | null, schema: string, name: string): string {
  return `${database ?? ''}\u0000${schema}\u0000${name}`.toLowerCase()
}

function assign(
  rows: readonly CatalogRow[],
  ids: ReadonlyMap<string, readonly Owner[]>,
  selected: ReadonlySet<UniqueId> | null,
): Pick<CatalogFindings, 'nodes' | 'sources'> {
  const nodes: Record<UniqueId, CatalogTable> = {}
  const sources: Record<UniqueId, CatalogTable> = {}
  for (const row of rows) {
    for (const { id, node } of ids.get(keyOf(row.table_database, row.table_schema, row.table_name)) ?? []) {
      if (selected !== null && !selected.has(id)) continue
      const section = node.resource_type === 'source' ? sources : nodes
      const table = (section[id] ??= tableOf(row, id))
      if (table.metadata.name !== row.table_name || table.metadata.schema !== row.table_schema)
        throwAmbiguous(id, table, row)
      table.columns[row.column_name] = {
        type: row.column_type,
        index: row.column_index,
        name: row.column_name,
        comment: row.column_comment,
      }
    }
  }
  return { nodes, sources }
}

function tableOf(row: CatalogRow, id: UniqueId): CatalogTable {
  return {
    metadata: {
      type: row.table_type,
      schema: row.table_schema,
      name: row.table_name,
      database: row.table_database,
      comment: row.table_comment,
      owner: row.table_owner,
    },
    columns: {},
    stats: statsOf(row),
    unique_id: id,
  }
}

/** `stats:<id>:label|value|description|include` of a row; `has_stats` says whether there were any. */
function statsOf(row: CatalogRow): Record<string, CatalogStat> {
  const stats: Record<string, CatalogStat> = {}
  for (const key of Object.keys(row)) {
    const id = /^stats:(.+):label$/.exec(key)?.[1]
    if (id === undefined || row[`stats:${id}:include`] !== true) continue
    stats[id] = {
      id,
      label: String(row[`stats:${id}:label`]),
      value: row[`stats:${id}:value`],
      include: true,
      description: String(row[`stats:${id}:description`]),
    }
  }
  stats['has_stats'] = {
    id: 'has_stats',
    label: 'Has Stats?',
    value: Object.keys(stats).length > 0,
    include: false,
    description: 'Indicates whether there are statistics for this table',
  }
  return stats
}

function throwAmbiguous(id: UniqueId, table: CatalogTable, row: CatalogRow): never {
  fail(
    'compilation',
    'catalog-ambiguous',
    `dbt found two relations in your warehouse with similar database identifiers. dbt\n` +
      `is unable to determine which of these relations was created by the model "${id}".\n` +
      'In order for dbt to correctly generate the catalog, one of the following relations must be deleted or renamed:\n\n' +
      ` - "${table.metadata.schema}"."${table.metadata.name}"\n - "${row.table_schema}"."${row.table_name}"`,
  )
}

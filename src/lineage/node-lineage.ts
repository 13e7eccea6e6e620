import { buildDag } from '../graph/index.js'
import { findResource, type GraphNode, type SnapshotNode, type UniqueId } from '../manifest/index.js'
import type { SchemaColumn, StatementLineage, StatementToAnalyze } from '../sql/analyze/index.js'
import type { LineageInput } from './input.js'
import { ephemeralBoundaries, type Statements, tableName } from './statements.js'
import { declaredColumns } from './table-lineage.js'

/** What is known of one resource after its statement was read. */
export interface ReadNode {
  readonly id: UniqueId
  readonly resource: GraphNode
  /** Undefined for what has no statement: sources, seeds, Python models. */
  readonly statement: StatementLineage | undefined
  /** Why there are no columns to follow; null when there are. */
  readonly reason: string | null
  readonly columns: readonly SchemaColumn[]
}

/** Reads the statements of all resources that are tables, parents first, so that each finds the columns it reads. */
export async function readNodes(input: LineageInput, statements: Statements): Promise<Map<UniqueId, ReadNode>> {
  const { manifest, only } = input
  const dag = buildDag(manifest)
  const read = new Map<UniqueId, ReadNode>()
  tellKnown(input, statements)
  for (const index of dag.topological) {
    const resource = dag.nodes[index]!
    if (!isRead(resource) || (only !== undefined && !only.has(resource.unique_id))) continue
    const node = await readNode(input, resource, read, statements)
    read.set(node.id, node)
    tellTable(input, resource, node.columns, isCertain(input, node), statements)
  }
  return read
}

/** Tables whose columns are certain are told first: SQL may name one without referring to it, and come before it. */
function tellKnown(input: LineageInput, statements: Statements): void {
  for (const id of input.columns.keys()) {
    const resource = findResource(input.manifest, id)
    if (resource !== undefined && isRead(resource)) tellTable(input, resource, input.columns.get(id)!, true, statements)
  }
}

function isRead({ resource_type }: GraphNode): boolean {
  return (
    resource_type === 'model' ||
    resource_type === 'snapshot' ||
    resource_type === 'seed' ||
    resource_type === 'source' ||
    resource_type === 'analysis'
  )
}

async function readNode(
  input: LineageInput,
  resource: GraphNode,
  read: ReadonlyMap<UniqueId, ReadNode>,
  statements: Statements,
): Promise<ReadNode> {
  const id = resource.unique_id
  const known = input.columns.get(id)
  const compiled = input.compiled.get(id)
  const base = { id, resource }
  if (resource.resource_type === 'source' || resource.resource_type === 'seed') {
    return { ...base, statement: undefined, reason: null, columns: known ?? declaredColumns(resource) }
  }
  if (compiled === undefined || 'reason' in compiled) {
    const reason = compiled?.reason ?? 'it was not compiled'
    return { ...base, statement: undefined, reason, columns: known ?? declaredColumns(resource) }
  }
  // A snapshot's table has more columns than its query: the names of those cannot be told by place.
  const outputs = resource.resource_type === 'snapshot' ? undefined : known?.map(({ name }) => name)
  const boundaries = ephemeralBoundaries(input.manifest, resource)
  const found = await readStatement(
    input,
    resource,
    { id, sql: compiled.sql, boundaries, outputs, fingerprints: input.fingerprints },
    statements,
  )
  const statement = resource.resource_type === 'snapshot' ? withSnapshotColumns(found, resource) : found
  const columns = known ?? columnsOf(statement, resource, read, input.built?.get(id))
  return { ...base, statement, reason: reasonOf(statement, known), columns }
}

/** Where `*` leaves columns open, those of the table that was last built are looked for. */
async function readStatement(
  input: LineageInput,
  { unique_id: id, resource_type }: GraphNode,
  statement: StatementToAnalyze,
  statements: Statements,
): Promise<StatementLineage> {
  const found = await statements.analyze(statement)
  const built = input.built?.get(id)
  if (found.complete || found.level !== 'column' || statement.outputs !== undefined || built === undefined) return found
  if (resource_type === 'snapshot') return found
  return { ...(await statements.analyze({ ...statement, outputs: built.map(({ name }) => name) })), complete: false }
}

/** Without columns, or with a list that contradicts the warehouse's, nothing can be followed by column. */
function reasonOf(statement: StatementLineage, known: readonly SchemaColumn[] | undefined): string | null {
  if (statement.level !== 'column') return statement.reason
  if (!statement.complete && known === undefined) return null
  const names = new Set(statement.columns.map(({ name }) => name?.toLowerCase()))
  const lacking = known?.find(({ name }) => !names.has(name.toLowerCase()))
  if (lacking === undefined) return null
  return `column ${lacking.name} of the table is not in the query that was read`
}

function columnsOf(
  statement: StatementLineage,
  resource: GraphNode,
  read: ReadonlyMap<UniqueId, ReadNode>,
  built: readonly SchemaColumn[] = [],
): readonly SchemaColumn[] {
  const declared = declaredColumns(resource)
  const types = new Map([...declared, ...built].map(({ name, type }) => [name.toLowerCase(), type]))
  const named = statement.columns.flatMap(({ name }) => name ?? [])
  if (named.length === 0) return declared
  const copied = copiedTypes(statement, read)
  const columns = [...new Set(named)].map((name) => ({
    name,
    type: types.get(name.toLowerCase()) ?? copied.get(name) ?? null,
  }))
  if (statement.complete) return columns
  const listed = new Set(named.map((name) => name.toLowerCase()))
  return [...columns, ...declared.filter(({ name }) => !listed.has(name.toLowerCase()))]
}

/** A pure copy has the type of what it is a copy of: all that can be told where nothing binds the statement. */
function copiedTypes(
  { columns }: StatementLineage,
  read: ReadonlyMap<UniqueId, ReadNode>,
): ReadonlyMap<string, string | null | undefined> {
  const types = new Map<string, string | null | undefined>()
  for (const { name, sources } of columns) {
    const [source] = sources
    if (name === null || source === undefined || sources.length > 1) continue
    if (source.use !== 'copied' && source.use !== 'renamed') continue
    types.set(name, read.get(source.table)?.columns.find((column) => column.name === source.column)?.type)
  }
  return types
}

/** Tells those downstream what the table has. */
function tellTable(
  input: LineageInput,
  resource: GraphNode,
  columns: readonly SchemaColumn[],
  certain: boolean,
  statements: Statements,
): void {
  const name = tableName(resource)
  if (name === undefined) return
  const id = resource.unique_id
  const removed = (input.removed?.get(id) ?? []).map((column) => ({ name: column, type: null }))
  const all = [...columns, ...removed]
  const table = { key: id, columns: all.length === 0 ? null : all, partial: !certain }
  for (const other of input.otherNames?.get(id) ?? []) statements.tell({ ...table, name: other })
  statements.tell({ ...table, name })
}

function isCertain(input: LineageInput, { id, statement }: ReadNode): boolean {
  return input.columns.has(id) || (statement !== undefined && statement.level === 'column' && statement.complete)
}

/** What dbt adds to the table of a snapshot. */
function withSnapshotColumns(statement: StatementLineage, { config }: SnapshotNode): StatementLineage {
  if (statement.level !== 'column') return statement
  const renamed = (config['snapshot_meta_column_names'] ?? {}) as Record<string, string | null>
  const named = (name: string): string => renamed[name] ?? name
  const ofColumn = (name: unknown) => {
    const column = statement.columns.find((each) => each.name?.toLowerCase() === String(name).toLowerCase())
    return column?.sources.map((source) => ({ ...source, use: 'computed' as const })) ?? []
  }
  const updated = ofColumn(config['updated_at'])
  const key = [config.unique_key ?? []].flat().flatMap(ofColumn)
  const added = [
    { name: named('dbt_scd_id'), sources: [...key, ...updated] },
    { name: named('dbt_updated_at'), sources: updated },
    { name: named('dbt_valid_from'), sources: updated },
    { name: named('dbt_valid_to'), sources: updated },
  ]
  if (config['hard_deletes'] === 'new_record') added.push({ name: named('dbt_is_deleted'), sources: [] })
  return { ...statement, columns: [...statement.columns, ...added] }
}

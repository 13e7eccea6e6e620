import type { NamedType, SchemaDatabase, SchemaTableToMake } from '../../adapters/adapter.js'
import { describeSubject, type TemplateSession } from '../../context/index.js'
import { type Diagnostic, PlumbError } from '../../core/diagnostic.js'
import type { GraphNode, Manifest, ManifestNode, SnapshotNode, UniqueId } from '../../manifest/index.js'
import { locateDatabaseError } from '../span-map.js'
import { checkContract } from './check-contract.js'
import type { CompileOutcome } from './compile-all.js'
import { PendingTables } from './pending-tables.js'

export interface BindInput {
  readonly session: TemplateSession
  readonly database: SchemaDatabase
  /** Parents before children. */
  readonly nodes: readonly GraphNode[]
  /** Asked for each node when everything it refers to is bound. */
  readonly compile: (id: UniqueId) => Promise<CompileOutcome | undefined>
  /** Tables that are known so far; by default of this one's own. */
  readonly tables?: PendingTables
  /** Columns that a query which does not fit would have, so that it does not hide what is behind it. */
  readonly guess?: (
    node: GraphNode,
    outcome: CompileOutcome,
    bound: BoundColumns,
  ) => Promise<GuessedColumns | undefined>
  /** Columns of what is not made by SQL here (sources, seeds, Python models), as far as they are known. */
  readonly columns: ReadonlyMap<UniqueId, readonly NamedType[]>
  /** Columns of the tables that are there now: what incremental models and self-references read. */
  readonly built: ReadonlyMap<UniqueId, readonly NamedType[]>
}

export type BoundColumns = ReadonlyMap<UniqueId, readonly NamedType[]>

export interface GuessedColumns {
  readonly columns: SchemaTableToMake['columns']
  /** `the columns that its contract promises` */
  readonly from: string
}

export interface BindResult {
  /** Columns and types of everything that could be bound or was known. */
  readonly columns: ReadonlyMap<UniqueId, readonly NamedType[]>
  readonly problems: readonly Diagnostic[]
  /** What was not checked, and why. */
  readonly unchecked: ReadonlyMap<UniqueId, string>
  /** What does not fit though others were checked against it, and where its columns were taken from. */
  readonly guessed: ReadonlyMap<UniqueId, string>
}

/** Binds every query against the columns of what it reads, without data, and says what does not fit. */
export async function bindModels(input: BindInput): Promise<BindResult> {
  const columns = new Map<UniqueId, readonly NamedType[]>()
  const problems: Diagnostic[] = []
  const unchecked = new Map<UniqueId, string>()
  const waiting = [...input.nodes]
  const late = new Set<UniqueId>()
  const guessed = new Map<UniqueId, string>()
  const tables = input.tables ?? new PendingTables(input.database)
  for (const node of waiting) {
    const id = node.unique_id
    const found = await bindNode(input, node, tables, unchecked)
    // A table that SQL names without ref() may be made by a model that comes later.
    if ('problems' in found && !late.has(id) && found.problems.some(({ message }) => /does not exist/.test(message))) {
      late.add(id)
      waiting.push(node)
      continue
    }
    if ('columns' in found) {
      columns.set(id, found.columns)
      if (node.resource_type === 'model') problems.push(...(await checkContract(node, found.columns, input.database)))
      continue
    }
    if ('unchecked' in found) unchecked.set(id, found.unchecked)
    else problems.push(...found.problems)
    // Those downstream are checked against what is there now, if anything is.
    const now = input.built.get(id)
    if (now !== undefined) {
      tables.add(node, now)
      columns.set(id, now)
      if ('problems' in found) guessed.set(id, 'the table that is there now')
    } else if ('problems' in found) {
      const outcome = await input.compile(id)
      const guess = outcome && (await input.guess?.(node, outcome, columns))
      if (guess === undefined) unchecked.set(id, 'it does not fit what it reads')
      else {
        tables.add(node, guess.columns)
        guessed.set(id, guess.from)
      }
    }
  }
  return { columns, problems, unchecked, guessed }
}

type Bound =
  | { readonly columns: readonly NamedType[] }
  | { readonly unchecked: string }
  | { readonly problems: readonly Diagnostic[] }

async function bindNode(
  input: BindInput,
  node: GraphNode,
  tables: PendingTables,
  unchecked: ReadonlyMap<UniqueId, string>,
): Promise<Bound> {
  const { database, session } = input
  const known = input.columns.get(node.unique_id)
  const outcome = await input.compile(node.unique_id)
  if (outcome === undefined || outcome.kind === 'none') {
    if (outcome?.kind === 'none' && outcome.error !== undefined) return { problems: outcome.error.diagnostics }
    if (known === undefined || known.length === 0) return { unchecked: 'its columns are not known' }
    tables.add(node, known)
    return { columns: known }
  }
  const sqlNode = node as Exclude<ManifestNode, { resource_type: 'seed' }>
  const missing = sqlNode.depends_on.nodes.find((id) => unchecked.has(id) && !input.built.has(id))
  if (missing !== undefined) return { unchecked: `columns of ${missing} are not known` }
  const now = input.built.get(node.unique_id)
  // A model that reads itself finds the table that is there.
  if (now !== undefined && sqlNode.relation_name !== null && outcome.compiled.sql.includes(sqlNode.relation_name))
    tables.add(node, now)
  await tables.make(tablesRead(session.manifest, sqlNode))
  try {
    const columns = await bindWithTables(database, outcome.compiled.sql, tables)
    const all = sqlNode.resource_type === 'snapshot' ? [...columns, ...snapshotColumns(sqlNode, columns)] : columns
    if (isTable(sqlNode)) tables.add(node, all)
    return { columns: all }
  } catch (error) {
    if (!(error instanceof PlumbError)) throw error
    if (/multiple statements/.test(error.message)) return { unchecked: 'its columns follow from the data it will find' }
    const located = locateDatabaseError(session, sqlNode, outcome.compiled, error)
    const about = { nodeId: node.unique_id, subject: describeSubject(sqlNode) }
    return { problems: located.with(about).diagnostics.map(withoutExcerpt) }
  }
}

/** The engine's own excerpt of the statement says less than the template's line. */
function withoutExcerpt(problem: Diagnostic): Diagnostic {
  const excerpt = problem.message.search(/\n\nLINE \d+:/)
  return problem.at === undefined || excerpt === -1
    ? problem
    : { ...problem, message: problem.message.slice(0, excerpt).trim() }
}

function isTable(node: ManifestNode): boolean {
  return (
    node.resource_type === 'snapshot' || (node.resource_type === 'model' && node.config.materialized !== 'ephemeral')
  )
}

/** Itself, and what it refers to: directly, or in the ephemeral models that became its CTEs. */
function tablesRead({ nodes }: Manifest, node: ManifestNode): Set<UniqueId> {
  const read = new Set<UniqueId>([node.unique_id])
  const walk = (ids: readonly UniqueId[]): void => {
    for (const id of ids) {
      if (read.has(id)) continue
      read.add(id)
      const parent = nodes[id]
      if (parent?.resource_type === 'model' && !isTable(parent)) walk(parent.depends_on.nodes)
    }
  }
  if ('nodes' in node.depends_on) walk(node.depends_on.nodes)
  return read
}

/** SQL may name tables without referring to them: then all that are known are made. */
async function bindWithTables(
  database: SchemaDatabase,
  sql: string,
  tables: PendingTables,
): Promise<readonly NamedType[]> {
  try {
    return await database.bind(sql)
  } catch (error) {
    if (!(error instanceof PlumbError) || !/does not exist/.test(error.message) || !(await tables.makeAll()))
      throw error
    return database.bind(sql)
  }
}

/** What a snapshot's table has beside its query's columns. */
function snapshotColumns({ config }: SnapshotNode, columns: readonly NamedType[]): NamedType[] {
  const renamed = (config['snapshot_meta_column_names'] ?? {}) as Record<string, string | null>
  const updated = columns.find(({ name }) => name.toLowerCase() === String(config['updated_at']).toLowerCase())
  const time = updated?.type ?? 'TIMESTAMP'
  const added = [
    { name: renamed['dbt_scd_id'] ?? 'dbt_scd_id', type: 'VARCHAR' },
    ...['dbt_updated_at', 'dbt_valid_from', 'dbt_valid_to'].map((name) => ({
      name: renamed[name] ?? name,
      type: time,
    })),
  ]
  if (config['hard_deletes'] === 'new_record')
    added.push({ name: renamed['dbt_is_deleted'] ?? 'dbt_is_deleted', type: 'VARCHAR' })
  return added
}

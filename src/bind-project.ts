import type { NamedType, QueryResult, SchemaDatabase } from './adapters/adapter.js'
import {
  type BindInput,
  type BindResult,
  bindModels,
  type CompileOutcome,
  createCompiler,
  describedRelation,
  type GuessedColumns,
  type NodeCompiler,
  PendingTables,
} from './compile/check/index.js'
import { ConnectionHolder, type TemplateSession } from './context/index.js'
import { PlumbError } from './core/diagnostic.js'
import { ephemeralBoundaries, tableName } from './lineage/index.js'
import { findResource, type GraphNode, type UniqueId } from './manifest/index.js'
import { createAnalyzer, type SchemaTable } from './sql/analyze/index.js'

export interface ProjectToBind {
  readonly session: TemplateSession
  /** Parents before children. */
  readonly nodes: readonly GraphNode[]
  /** Columns of what no query makes; those of files are added. */
  readonly given: Map<UniqueId, readonly NamedType[]>
  /** Columns of the tables that are there. */
  readonly built: ReadonlyMap<UniqueId, readonly NamedType[]>
}

export interface BoundProject {
  readonly compiled: ReadonlyMap<UniqueId, CompileOutcome>
  /** Undefined on warehouses that cannot bind without data. */
  readonly bound: BindResult | undefined
}

/**
 * Compiles a project and binds it, a node after those it refers to: a template that asks for the columns of a model gets
 * those that the model's code gives, whether its table is there or not.
 */
export async function compileAndBind(project: ProjectToBind): Promise<BoundProject> {
  const { session, nodes } = project
  const database = await session.plugin.openSchemaDatabase?.(session.credentials)
  const tables = database && new PendingTables(database)
  const compiler = createCompiler(session, session.manifest, database && tables && answers(project, database, tables))
  try {
    const bound = database && tables && (await bindAll(project, database, tables, compiler))
    for (const { unique_id } of nodes) await compiler.compile(unique_id)
    return { compiled: compiler.outcomes, bound }
  } finally {
    await compiler.close()
    database?.close()
  }
}

async function bindAll(
  { session, nodes, given, built }: ProjectToBind,
  database: SchemaDatabase,
  tables: PendingTables,
  { compile }: NodeCompiler,
): Promise<BindResult> {
  if (session.adapter !== null) {
    const holder = new ConnectionHolder(session.adapter, 'lineage')
    await database.copyFunctions(await holder.open())
    await holder.release()
  }
  await addFileColumns(session, database, given)
  const read = nodes.filter(({ resource_type }) => TABLES.has(resource_type))
  const guess = guesser(session, given, built)
  return bindModels({ session, database, nodes: read, compile, tables, guess, columns: given, built })
}

const TABLES = new Set(['source', 'seed', 'model', 'snapshot'])

/** Columns of sources that are files, as the engine reads them. */
async function addFileColumns(
  session: TemplateSession,
  database: SchemaDatabase,
  columns: Map<UniqueId, readonly NamedType[]>,
): Promise<void> {
  for (const source of Object.values(session.manifest.sources)) {
    const written = session.plugin.renderSource?.(source, { execute: true })
    if (written === null || written === undefined) continue
    try {
      columns.set(source.unique_id, await database.bind(`select * from ${written}`))
    } catch (error) {
      // A file that is not there: its columns stay unknown.
      if (!(error instanceof PlumbError)) throw error
    }
  }
}

/** Answers what columns a model has by its code; what a run adds rows to keeps those of its table. */
function answers({ session, nodes, built }: ProjectToBind, database: SchemaDatabase, tables: PendingTables) {
  const byName = new Map<string, UniqueId>()
  for (const node of nodes) {
    if (node.resource_type !== 'model' && node.resource_type !== 'seed') continue
    const grows = node.config.materialized === 'incremental' && !session.flags.fullRefresh
    if (node.relation_name !== null && !(grows && built.has(node.unique_id)))
      byName.set(node.relation_name, node.unique_id)
  }
  const given = new Map<string, Promise<QueryResult>>()
  return async (sql: string) => {
    const name = describedRelation(sql)
    const id = name === undefined ? undefined : byName.get(name)
    if (id === undefined || !tables.has(id)) return undefined
    await tables.make([id])
    // What is bound stays as it is.
    const before = given.get(sql)
    if (before === undefined) given.set(sql, database.ask(sql))
    return given.get(sql)
  }
}

/** Columns of a model whose query does not fit: those of its contract, else those its SQL lists. */
function guesser(
  session: TemplateSession,
  given: ReadonlyMap<UniqueId, readonly NamedType[]>,
  built: ReadonlyMap<UniqueId, readonly NamedType[]>,
): NonNullable<BindInput['guess']> {
  return async (node, outcome, bound): Promise<GuessedColumns | undefined> => {
    if (node.resource_type !== 'model') return undefined
    const declared = Object.values(node.columns).map(({ name, data_type }) => ({ name, type: data_type || null }))
    if (node.config.contract?.enforced === true && declared.every(({ type }) => type !== null))
      return { columns: declared, from: 'the columns that its contract promises' }
    if (outcome.kind === 'none') return undefined
    const known = node.depends_on.nodes.flatMap((id): SchemaTable[] => {
      const resource = findResource(session.manifest, id)
      const name = resource && tableName(resource)
      const columns = bound.get(id) ?? given.get(id) ?? built.get(id) ?? null
      return name === undefined ? [] : [{ key: id, name, columns }]
    })
    const analyzer = createAnalyzer({ dialect: session.plugin.type })
    try {
      const boundaries = ephemeralBoundaries(session.manifest, node)
      const { level, complete, columns } = await analyzer.analyze(
        { id: node.unique_id, sql: outcome.compiled.sql, boundaries },
        known,
      )
      const names = columns.flatMap(({ name }) => name ?? [])
      if (level !== 'column' || !complete || names.length === 0 || names.length < columns.length) return undefined
      const types = new Map(declared.map(({ name, type }) => [name.toLowerCase(), type]))
      return {
        columns: names.map((name) => ({ name, type: types.get(name.toLowerCase()) ?? null })),
        from: 'the columns that its SQL lists',
      }
    } finally {
      await analyzer.close()
    }
  }
}

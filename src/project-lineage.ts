import { join } from 'node:path'
import type { NamedType } from './adapters/adapter.js'
import { type CatalogTable, readCatalog } from './artifacts/index.js'
import { compileAndBind } from './bind-project.js'
import { type BindResult, type CompileOutcome, hardCodedTables } from './compile/check/index.js'
import { ConnectionHolder, seedColumns, type TemplateSession } from './context/index.js'
import { type Diagnostic, PlumbError } from './core/diagnostic.js'
import type { LineageInput, ProjectLineage } from './lineage/index.js'
import type { GraphNode, Manifest, UniqueId } from './manifest/index.js'
import type { Workspace } from './workspace.js'

type Columns = ReadonlyMap<UniqueId, readonly NamedType[]>

/** A project's SQL as it would run now, with the columns of all that it reads and gives. */
export interface AnalyzedProject {
  readonly manifest: Manifest
  readonly compiled: ReadonlyMap<UniqueId, CompileOutcome>
  /** Columns and types by the code, where they could be bound; else as they are known. */
  readonly columns: Columns
  /** Columns of the tables in the warehouse, or of catalog.json where there is none. */
  readonly built: Columns
  /** Undefined on warehouses that cannot bind without data. */
  readonly bound: BindResult | undefined
  /** Tables that SQL names without ref() or source(). */
  hardCoded(): Promise<readonly Diagnostic[]>
  readonly input: Omit<LineageInput, 'removed' | 'cache'>
}

export interface AnalyzeOptions {
  /** Only these, with everything they stand on. */
  readonly ids?: ReadonlySet<UniqueId> | undefined
}

/**
 * Compiles a project and finds out the columns of everything in it. Without a warehouse it makes do with catalog.json
 * and the columns that YAML declares.
 */
export async function analyzeProject(workspace: Workspace, { ids }: AnalyzeOptions = {}): Promise<AnalyzedProject> {
  const manifest = await workspace.manifest()
  const dag = await workspace.dag()
  const { ancestorsOf } = await import('./graph/index.js')
  const wanted = ids === undefined ? undefined : new Set([...ids, ...ancestorsOf(dag, ids)])
  const nodes = [...dag.topological]
    .map((index) => dag.nodes[index]!)
    .filter((node) => (wanted?.has(node.unique_id) ?? true) && !isGenericTest(node))
  const session = await openSession(workspace)
  const built = await builtColumns(workspace, session)
  const given = givenColumns(session, manifest, built)
  const { compiled, bound } = await compileAndBind({ session, nodes, given, built })
  const columns = new Map([...given, ...(bound?.columns ?? [])])
  return {
    manifest,
    compiled,
    columns,
    built,
    bound,
    hardCoded: () => findHardCoded(session, nodes, compiled),
    input: {
      manifest,
      dialect: session.plugin.type,
      compiled: new Map(
        [...compiled].map(([id, each]) => [id, each.kind === 'sql' ? { sql: each.compiled.sql } : each]),
      ),
      columns,
      built,
      otherNames: otherNames(session, manifest),
      ...(wanted === undefined ? {} : { only: wanted }),
    },
  }
}

/** Column lineage of an analyzed project; what was read before comes from the cache in the target folder. */
export async function lineageOf(
  workspace: Workspace,
  analyzed: AnalyzedProject,
  removed?: ReadonlyMap<UniqueId, readonly string[]>,
): Promise<ProjectLineage> {
  const { buildLineage } = await import('./lineage/index.js')
  const { openStatementCache, withoutTheRun } = await import('./lineage-cache.js')
  const cache = openStatementCache(join(workspace.project.targetDir, 'lineage_cache.json'))
  const stable = withoutTheRun(workspace.invocation)
  const lineage = await buildLineage({
    ...analyzed.input,
    brief: workspace.flags.which !== 'serve',
    cache,
    stable,
    removed,
  })
  if (lineage.parsed > 0 && workspace.flags.writeJson) await cache.save({ all: analyzed.input.only === undefined })
  return lineage
}

/** Their columns are told by their YAML; there are more of them than of everything else. */
function isGenericTest(node: GraphNode): boolean {
  return node.resource_type === 'test' && node.test_metadata !== undefined
}

/** With the warehouse when it can be reached, else without: templates that ask it then fail one by one. */
async function openSession(workspace: Workspace): Promise<TemplateSession> {
  const ids = new Set(Object.keys((await workspace.manifest()).nodes))
  try {
    const session = await workspace.session(ids)
    const holder = new ConnectionHolder(session.adapter!, 'lineage')
    await holder.open()
    await holder.release()
    return session
  } catch (error) {
    if (!(error instanceof PlumbError)) throw error
    return workspace.session(ids, false)
  }
}

/** What the warehouse has: one question for all schemas; else the last catalog.json. */
export async function builtColumns(workspace: Workspace, session: TemplateSession): Promise<Columns> {
  if (session.adapter !== null) {
    try {
      const { readCatalog: readWarehouse } = await import('./run/index.js')
      const quiet = session.derive({ invocation: { ...session.invocation, emit: () => {} } })
      const found = await readWarehouse(quiet, null)
      if (found.errors === null) return catalogColumns(found)
    } catch (error) {
      if (!(error instanceof PlumbError)) throw error
    }
  }
  const catalog = readCatalog(join(workspace.project.targetDir, 'catalog.json'))
  return catalog === undefined ? new Map() : catalogColumns(catalog)
}

interface CatalogTables {
  readonly nodes: Readonly<Record<UniqueId, Pick<CatalogTable, 'columns'>>>
  readonly sources: Readonly<Record<UniqueId, Pick<CatalogTable, 'columns'>>>
}

/** Columns of a catalog, in their order. */
export function catalogColumns({ nodes, sources }: CatalogTables): Columns {
  const found = new Map<UniqueId, NamedType[]>()
  for (const [id, table] of [...Object.entries(nodes), ...Object.entries(sources)]) {
    const columns = Object.values(table.columns).sort((a, b) => a.index - b.index)
    found.set(
      id,
      columns.map(({ name, type }) => ({ name, type })),
    )
  }
  return found
}

/** Columns of what no query makes: sources and Python models as built or declared, seeds as their files say. */
function givenColumns(
  session: TemplateSession,
  manifest: Manifest,
  built: Columns,
): Map<UniqueId, readonly NamedType[]> {
  const given = new Map<UniqueId, readonly NamedType[]>()
  const declared = (node: { columns: Record<string, { name: string; data_type: string | null }> }): NamedType[] => {
    const columns = Object.values(node.columns)
    // A type that nobody wrote would have to be guessed, and guessed wrong.
    if (columns.some(({ data_type }) => data_type === null || data_type === '')) return []
    return columns.map(({ name, data_type }) => ({ name, type: data_type! }))
  }
  for (const source of Object.values(manifest.sources)) {
    const columns = built.get(source.unique_id) ?? declared(source)
    if (columns.length > 0) given.set(source.unique_id, columns)
  }
  for (const node of Object.values(manifest.nodes)) {
    if (node.resource_type === 'seed') {
      try {
        given.set(node.unique_id, seedColumns(session, node))
      } catch (error) {
        if (!(error instanceof Error)) throw error
        const columns = built.get(node.unique_id)
        if (columns !== undefined) given.set(node.unique_id, columns)
      }
    } else if (node.resource_type === 'model' && node.language === 'python') {
      const columns = built.get(node.unique_id) ?? declared(node)
      if (columns.length > 0) given.set(node.unique_id, columns)
    }
  }
  return given
}

/** By the engine's own grammar where it can be asked without data, else by that of the parser. */
async function findHardCoded(
  session: TemplateSession,
  nodes: readonly GraphNode[],
  compiled: ReadonlyMap<UniqueId, CompileOutcome>,
): Promise<Diagnostic[]> {
  const { createAnalyzer } = await import('./sql/analyze/index.js')
  const database = await session.plugin.openSchemaDatabase?.(session.credentials)
  const analyzer = createAnalyzer({ dialect: session.plugin.type, brief: session.flags.which !== 'serve' })
  try {
    return await hardCodedTables(session, nodes, compiled, async (sql) => {
      const found = await database?.tablesIn(sql)
      if (found !== undefined) return found
      const { level, tables } = await analyzer.analyze({ id: '', sql }, [])
      return level === 'none' ? undefined : tables.map(({ table }) => ({ parts: table.split('.'), at: undefined }))
    })
  } finally {
    await analyzer.close()
    database?.close()
  }
}

/** Files that sources are read from, and relations that `--defer` puts in place of models. */
export function otherNames(
  session: TemplateSession,
  manifest: Manifest,
): Map<UniqueId, readonly (readonly string[])[]> {
  const names = new Map<UniqueId, readonly (readonly string[])[]>()
  for (const source of Object.values(manifest.sources)) {
    const written = session.plugin.renderSource?.(
      { ...source, config: source.config, meta: source.meta },
      { execute: false },
    )
    const file = written == null ? undefined : /'([^']+)'/.exec(written)?.[1]
    if (file !== undefined) names.set(source.unique_id, [[file]])
  }
  for (const node of Object.values(manifest.nodes)) {
    const other = 'defer_relation' in node ? node.defer_relation : undefined
    if (other !== null && other !== undefined)
      names.set(node.unique_id, [[other.database, other.schema, other.alias].filter((part): part is string => !!part)])
  }
  return names
}

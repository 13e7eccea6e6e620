import { compareState } from './artifacts/index.js'
import { bindModels, type CompileOutcome } from './compile/check/index.js'
import { fail, PlumbError } from './core/diagnostic.js'
import { buildDag } from './graph/index.js'
import { buildLineage, type Impact, impactOf, type ProjectSide } from './lineage/index.js'
import type { Manifest, UniqueId } from './manifest/index.js'
import { type AnalyzedProject, analyzeProject, lineageOf } from './project-lineage.js'
import type { Workspace } from './workspace.js'

/** The project and an earlier state of it, both read to the column. */
export interface ProjectDiff {
  readonly impact: Impact
  readonly before: Manifest
  readonly after: Manifest
}

/**
 * Compares the project with the state that `--state` names.
 * @throws PlumbError `no-comparison-state` without a manifest there.
 */
export async function diffProject(workspace: Workspace): Promise<ProjectDiff> {
  const before = workspace.state?.manifest
  if (before === undefined)
    return fail('usage', 'no-comparison-state', 'There is no manifest.json to compare with', {
      hint: 'give the target folder of another build with --state',
    })
  const after = await workspace.manifest()
  const analyzed = await analyzeProject(workspace)
  const now = await afterSide(workspace, analyzed, before)
  const impact = impactOf(await beforeSide(workspace, analyzed, before), now, modifiedIds(workspace, after, before))
  return { impact, before, after }
}

async function afterSide(workspace: Workspace, analyzed: AnalyzedProject, before: Manifest): Promise<ProjectSide> {
  // Columns of before count as if they were still there: who names them would miss them.
  const lineage = await lineageOf(
    workspace,
    { ...analyzed, input: { ...analyzed.input, fingerprints: true } },
    undefined,
  )
  const removed = new Map<UniqueId, string[]>()
  const old = await namesBefore(analyzed, before)
  for (const [id, names] of old) {
    const current = new Set(
      (analyzed.columns.get(id) ?? lineage.graph.nodes.get(id)?.columns ?? []).map(({ name }) => name.toLowerCase()),
    )
    const gone = names.filter((name) => !current.has(name.toLowerCase()))
    if (gone.length > 0) removed.set(id, gone)
  }
  if (removed.size === 0) return { manifest: analyzed.manifest, lineage, columns: analyzed.columns }
  const withGone = await lineageOf(
    workspace,
    { ...analyzed, input: { ...analyzed.input, fingerprints: true } },
    removed,
  )
  return { manifest: analyzed.manifest, lineage: withGone, columns: analyzed.columns }
}

/** Columns each model had, by its compiled SQL. */
async function namesBefore(analyzed: AnalyzedProject, before: Manifest): Promise<Map<UniqueId, string[]>> {
  const { statements } = await lineageBefore(analyzed, before, new Map())
  return new Map(
    [...statements].flatMap(([id, { columns }]) => {
      const names = columns.flatMap(({ name }) => name ?? [])
      return analyzed.manifest.nodes[id] === undefined ? [] : [[id, names]]
    }),
  )
}

async function beforeSide(workspace: Workspace, analyzed: AnalyzedProject, before: Manifest): Promise<ProjectSide> {
  const columns = await columnsOfState(workspace, analyzed, before)
  return { manifest: before, lineage: await lineageBefore(analyzed, before, columns), columns }
}

function lineageBefore(analyzed: AnalyzedProject, before: Manifest, columns: ProjectSide['columns']) {
  const compiled = new Map(
    Object.values(before.nodes).flatMap((node) =>
      'compiled_code' in node && typeof node.compiled_code === 'string'
        ? [[node.unique_id, { sql: node.compiled_code }]]
        : [],
    ),
  )
  const { only: _only, built: _built, ...input } = analyzed.input
  const given = new Map(
    [...analyzed.columns].filter(
      ([id]) => before.sources[id] !== undefined || before.nodes[id]?.resource_type === 'seed',
    ),
  )
  return buildLineage({
    ...input,
    manifest: before,
    compiled,
    columns: new Map([...given, ...columns]),
    fingerprints: true,
  })
}

/** Columns and types of the state's models: bound where the engine can, else as its SQL names them. */
async function columnsOfState(
  workspace: Workspace,
  analyzed: AnalyzedProject,
  before: Manifest,
): Promise<ProjectSide['columns']> {
  const session = await workspace.session(new Set(), false)
  const database = await session.plugin.openSchemaDatabase?.(session.credentials)
  if (database === undefined) return new Map()
  try {
    const dag = buildDag(before)
    const nodes = [...dag.topological].map((index) => dag.nodes[index]!)
    const compiled = new Map<UniqueId, CompileOutcome>()
    for (const node of Object.values(before.nodes)) {
      if (!('compiled_code' in node) || typeof node.compiled_code !== 'string') continue
      const sql = node.compiled_code
      compiled.set(node.unique_id, {
        kind: 'sql',
        compiled: { sql, rendered: sql, injection: { sql, offset: 0, length: 0 } },
      })
    }
    const given = new Map(
      [...analyzed.columns].filter(
        ([id]) => before.sources[id] !== undefined || before.nodes[id]?.resource_type === 'seed',
      ),
    )
    const tables = nodes.filter(
      ({ resource_type: type }) => type === 'source' || type === 'seed' || type === 'model' || type === 'snapshot',
    )
    const compile = async (id: UniqueId) => compiled.get(id)
    return (await bindModels({ session, database, nodes: tables, compile, columns: given, built: new Map() })).columns
  } finally {
    database.close()
  }
}

function modifiedIds(workspace: Workspace, after: Manifest, before: Manifest): Set<UniqueId> {
  const state = compareState(after, before, { emit: () => {} })
  const sections = [
    after.nodes,
    after.sources,
    after.metrics,
    after.semantic_models,
    after.saved_queries,
    after.exposures,
  ]
  const ids = new Set<UniqueId>()
  for (const node of sections.flatMap((section) => Object.values(section))) {
    try {
      if (state.existed(node.unique_id) && state.isModified(node, 'modified')) ids.add(node.unique_id)
    } catch (error) {
      // A contract broken by a versioned model is a change like any other here.
      if (!(error instanceof PlumbError)) throw error
      ids.add(node.unique_id)
    }
  }
  return workspace.flags.state === null ? new Set() : ids
}

import { join } from 'node:path'
import {
  artifactMetadata,
  type FreshnessFailure,
  type FreshnessOutput,
  keepRun,
  type RunResultOutput,
  runResultOutput,
  writeGraphSummary,
  writeManifest,
  writeRunResults,
  writeSemanticManifest,
  writeSources,
} from './artifacts/index.js'
import { type Flags, SHOWN_WHEN_ON } from './core/flags.js'
import type { Manifest } from './manifest/index.js'
import type { RunResult } from './run/index.js'
import type { Workspace } from './workspace.js'

/** Writes manifest.json and semantic_manifest.json. */
export async function saveManifest(workspace: Workspace, manifest: Manifest): Promise<void> {
  if (!workspace.flags.writeJson) return
  const [path, semantic] = ['manifest.json', 'semantic_manifest.json'].map((n) => join(workspace.project.targetDir, n))
  await writeManifest(path!, manifest)
  artifactWritten(workspace, 'WritableManifest', path!)
  await writeSemanticManifest(semantic!, manifest)
  artifactWritten(workspace, 'SemanticManifest', semantic!)
}

/** Tells the log of a file, by the name of dbt's class for it. */
export function artifactWritten({ invocation }: Workspace, type: string, path: string): void {
  const msg = `Wrote artifact ${type} to ${path}`
  const data = { artifact_type: type, artifact_path: path }
  invocation.emit({ name: 'ArtifactWritten', code: 'P001', level: 'debug', msg, data })
}

/** Writes graph_summary.json; a build's has the edges from tests to what waits for them, too. */
export async function saveGraphSummary(workspace: Workspace, command = workspace.flags.which): Promise<void> {
  if (!workspace.flags.writeJson) return
  const dag = await workspace.dag()
  const { summarizeGraph } = await import('./graph/index.js')
  const { testEdgeIds } = await import('./plan/index.js')
  await writeGraphSummary(join(workspace.project.targetDir, 'graph_summary.json'), {
    _invocation_id: workspace.invocation.id,
    linked: summarizeGraph(dag),
    ...(command === 'build' ? { with_test_edges: summarizeGraph(dag, testEdgeIds(dag)) } : {}),
  })
}

/** Writes run_results.json: what came of nodes, and of what is tested beside them. */
export async function saveRunResults(
  workspace: Workspace,
  results: readonly RunResult[],
  seconds: number,
  others: readonly RunResultOutput[] = [],
): Promise<void> {
  if (!workspace.flags.writeJson) return
  const args = argsAsShown(workspace.flags)
  const path = join(workspace.project.targetDir, 'run_results.json')
  await writeRunResults(path, {
    metadata: artifactMetadata('run-results', workspace.invocation),
    results: [...results.map(runResultOutput), ...others],
    elapsed_time: seconds,
    args,
  })
  const type = workspace.flags.which === 'run-operation' ? 'RunResultsArtifact' : 'RunExecutionResult'
  artifactWritten(workspace, type, path)
  const { id, startedAt } = workspace.invocation
  keepRun(workspace.project.targetDir, String(args['which'] ?? workspace.flags.which), startedAt, id)
}

/** dbt leaves some flags out while they are off; `run-operation` shows all of them but what warnings are to be. */
function argsAsShown({ which, args }: Flags): Readonly<Record<string, unknown>> {
  if (which === 'run-operation') {
    const { warn_error_options, project_dir, profiles_dir, log_path, ...shown } = args
    return shown
  }
  return Object.fromEntries(
    Object.entries(args).filter(([name, value]) => !(value === false && SHOWN_WHEN_ON.has(name))),
  )
}

/** Writes sources.json: to `--output` where it was given. */
export async function saveSources(
  workspace: Workspace,
  results: readonly RunResult[],
  seconds: number,
  file: string | null,
): Promise<void> {
  if (!workspace.flags.writeJson && file === null) return
  const path = file ?? join(workspace.project.targetDir, 'sources.json')
  await writeSources(path, {
    metadata: artifactMetadata('sources', workspace.invocation),
    results: results.filter((r) => r.node.resource_type === 'source').map(freshnessOutput),
    elapsed_time: seconds,
  })
  artifactWritten(workspace, 'FreshnessResult', path)
}

function freshnessOutput(result: RunResult): FreshnessOutput | FreshnessFailure {
  const { node, freshness } = result
  if (freshness === undefined || node.resource_type !== 'source') {
    return { unique_id: node.unique_id, error: result.message, status: 'runtime error' } as FreshnessFailure
  }
  return {
    unique_id: node.unique_id,
    max_loaded_at: freshness.max_loaded_at,
    snapshotted_at: freshness.snapshotted_at,
    max_loaded_at_time_ago_in_s: freshness.age,
    status: result.status,
    criteria: node.freshness,
    adapter_response: result.adapter_response,
    timing: result.timing,
    thread_id: result.thread_id,
    execution_time: result.execution_time,
  } as FreshnessOutput
}

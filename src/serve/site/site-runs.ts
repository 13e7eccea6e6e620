import type { RunResultOutput, RunResultsArtifact } from '../../artifacts/index.js'
import type { UniqueId } from '../../manifest/index.js'
import type { SiteRun, SiteRunDetail, SiteRunNode } from './documents.js'

/** What became of every resource the last time it was run, over all runs that are known (newest first). */
export function lastOutcomes(runs: readonly RunResultsArtifact[]): ReadonlyMap<UniqueId, RunResultOutput> {
  const last = new Map<UniqueId, RunResultOutput>()
  for (const run of runs) {
    if (!BUILDING.has(commandOf(run))) continue
    for (const result of run.results) if (!last.has(result.unique_id)) last.set(result.unique_id, result)
  }
  return last
}

/** Commands that change the warehouse or test it; `compile` and `show` say nothing of its state. */
const BUILDING: ReadonlySet<string> = new Set(['build', 'run', 'test', 'seed', 'snapshot', 'retry', ''])

function commandOf({ args }: RunResultsArtifact): string {
  return String(args.which ?? '')
}

/** A run in few words; nodes that are not shown are not counted. */
export function runSummary(run: RunResultsArtifact, shown: ReadonlyMap<UniqueId, number>): SiteRun {
  const counts: Record<string, number> = {}
  for (const { status, unique_id } of run.results) if (shown.has(unique_id)) counts[status] = (counts[status] ?? 0) + 1
  const { invocation_id, generated_at, invocation_started_at } = run.metadata
  return {
    id: invocation_id ?? '',
    command: commandOf(run),
    startedAt: String(invocation_started_at ?? generated_at),
    seconds: run.elapsed_time,
    counts,
  }
}

/** A run with its nodes on their threads; nodes that are not shown are left out. */
export function runDetail(
  run: RunResultsArtifact,
  shown: ReadonlyMap<UniqueId, number>,
  tellsMessages: boolean,
): SiteRunDetail {
  const nodes = run.results.filter((result) => shown.has(result.unique_id))
  return { ...runSummary(run, shown), nodes: nodes.map((result) => runNode(result, tellsMessages)) }
}

export function runNode(result: RunResultOutput, tellsMessage: boolean): SiteRunNode {
  const times = result.timing as readonly { readonly started_at?: string; readonly completed_at?: string }[]
  return {
    id: result.unique_id,
    status: result.status,
    thread: result.thread_id,
    startedAt: times[0]?.started_at ?? null,
    finishedAt: times.at(-1)?.completed_at ?? null,
    seconds: result.execution_time,
    message: tellsMessage ? result.message : null,
    failures: result.failures,
  }
}

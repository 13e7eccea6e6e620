import type { AdapterResponse } from '../adapters/adapter.js'
import type { RunResult, RunStatus, TimingInfo } from './run-result.js'
import { isoTime } from './times.js'

/** What a step's work came to; time, worker and node are added around it. */
export interface Outcome {
  readonly status: RunStatus
  readonly message: string | null
  readonly response?: AdapterResponse | undefined
  readonly failures?: number | null | undefined
  readonly batches?: RunResult['batch_results']
  readonly table?: RunResult['table']
  readonly freshness?: RunResult['freshness']
  readonly failuresRelation?: string | undefined
  /** The node as the result shows it, when it is not the step's own: with the SQL of a unit test. */
  readonly node?: RunResult['node'] | undefined
  /** Why parts of the step failed, when the step itself did not throw. */
  readonly diagnostics?: RunResult['diagnostics']
  /** Seconds, when they are not those of the step: the sum of its batches. */
  readonly seconds?: number | undefined
}

/** Measures one phase; what was measured stands in `timing` though the phase may throw. */
export async function timed<T>(
  name: TimingInfo['name'],
  now: () => Date,
  timing: TimingInfo[],
  work: () => Promise<T>,
): Promise<T> {
  const startedAt = now()
  try {
    return await work()
  } finally {
    timing.push({ name, started_at: isoTime(startedAt), completed_at: isoTime(now()) })
  }
}

/** Makes the result of a step. */
export function resultOf(
  node: RunResult['node'],
  outcome: Outcome,
  rest: { readonly timing: readonly TimingInfo[]; readonly thread: string; readonly seconds: number },
): RunResult {
  return {
    node: outcome.node ?? node,
    status: outcome.status,
    timing: rest.timing,
    thread_id: rest.thread,
    execution_time: outcome.seconds ?? rest.seconds,
    adapter_response: outcome.response ?? {},
    message: outcome.message,
    failures: outcome.failures ?? null,
    batch_results: outcome.batches ?? null,
    diagnostics: outcome.diagnostics ?? [],
    table: outcome.table,
    freshness: outcome.freshness,
    failuresRelation: outcome.failuresRelation,
  }
}

/** The result of a step that was not run. */
export function skippedResult(
  node: RunResult['node'],
  message: string | null,
  thread: string,
  because?: string,
): RunResult {
  return {
    ...resultOf(node, { status: 'skipped', message }, { timing: [], thread, seconds: 0 }),
    skippedBecauseOf: because,
  }
}

import type { RunResultOutput, RunResultsArtifact } from '../artifacts/index.js'
import { fail } from '../core/diagnostic.js'
import type { Dag } from '../graph/index.js'
import type { UniqueId } from '../manifest/index.js'

/** What is to be done again after a run. */
export interface RetrySelection {
  /** The command that ran, by dbt's name. */
  readonly command: string
  readonly selected: ReadonlySet<UniqueId>
  readonly reasons: ReadonlyMap<UniqueId, string>
  /** Batches of models of which some failed: only those run again. */
  readonly batches: ReadonlyMap<UniqueId, RunResultOutput['batch_results']>
  /** Names of the metric tests that failed: they are no nodes. */
  readonly metricTests: ReadonlySet<string>
  /** When the first of these runs started; batches are counted from it. */
  readonly startedAt: string
}

const RETRYABLE: ReadonlySet<string> = new Set(['error', 'fail', 'skipped', 'runtime error', 'partial success'])

/** Commands that can be done again, by dbt's name. */
const COMMANDS = ['build', 'compile', 'clone', 'generate', 'seed', 'snapshot', 'test', 'run', 'run-operation']

/**
 * The nodes of a previous run that did not succeed.
 * @param warnError warnings count as failures
 * @throws PlumbError `retry-impossible` when the command cannot be repeated, or nodes are gone since.
 */
export function selectForRetry(previous: RunResultsArtifact, dag: Dag, warnError: boolean): RetrySelection {
  const command = String(previous.args['which'] ?? '')
  if (!COMMANDS.includes(command)) {
    fail('runtime', 'retry-impossible', `Cannot retry the previous command: '${command}'`, {
      hint: `commands that can be retried: ${COMMANDS.join(', ')}`,
    })
  }
  const failed = previous.results.filter(
    ({ unique_id: id, status }) =>
      (RETRYABLE.has(status) || (warnError && status === 'warn')) &&
      (command === 'run-operation' || !id.startsWith('operation.')),
  )
  const isMetricTest = ({ unique_id: id }: RunResultOutput): boolean => id.startsWith('metric_test.')
  const wanted = failed.filter((result) => !isMetricTest(result))
  const gone = command === 'run-operation' ? undefined : wanted.find(({ unique_id: id }) => !dag.indexOf.has(id))
  if (gone !== undefined) {
    fail(
      'validation',
      'retry-impossible',
      `Couldn't find model '${gone.unique_id}' -- does it exist or is it disabled?`,
      {
        hint: 'it failed in the previous run and is not in the project any more: run the command itself instead of a retry',
      },
    )
  }
  return {
    command,
    selected: new Set(wanted.map((result) => result.unique_id)),
    reasons: new Map(wanted.map(({ unique_id: id, status }) => [id, `${status} in the previous run`])),
    batches: new Map(
      wanted.flatMap(({ unique_id: id, batch_results: batches }) =>
        isPartial(batches) ? [[id, batches] as const] : [],
      ),
    ),
    metricTests: new Set(failed.filter(isMetricTest).map(({ unique_id: id }) => id.split('.').slice(2).join('.'))),
    startedAt: previous.metadata.invocation_started_at ?? previous.metadata.generated_at,
  }
}

/** Some batches succeeded and some failed; otherwise the model is run anew. */
function isPartial(batches: unknown): boolean {
  if (batches === null || typeof batches !== 'object') return false
  const { successful, failed } = batches as { successful?: unknown; failed?: unknown }
  return Array.isArray(successful) && Array.isArray(failed) && successful.length > 0 && failed.length > 0
}

/** Settings that belong to the place a command runs in, not to what it did. */
const OF_THIS_RUN = new Set([
  'log_path',
  'output_path',
  'profiles_dir',
  'profiles_dir_exists_false',
  'project_dir',
  'defer_state',
  'deprecated_state',
  'target_path',
  'warn_error',
])

/** May be given anew to a retry; the last three are ours. */
const OVERRIDABLE = new Set(['vars', 'threads', 'plan', 'wait', 'run_lock'])

/** Settings that must be left out when they say nothing. */
const WITHOUT_MEANING: Readonly<Record<string, (value: unknown) => boolean>> = {
  show: () => true,
  resource_types: (value) => Array.isArray(value) && value.length === 0,
}

/**
 * The arguments of a retry: those of the previous run, those of this one where they tell the place, and what may be
 * given anew where it was given.
 * @param given names that were written on the command line
 */
export function retryArgs(
  previous: Readonly<Record<string, unknown>>,
  current: Readonly<Record<string, unknown>>,
  given: ReadonlySet<string>,
): Record<string, unknown> {
  const out: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(previous)) {
    if (!OF_THIS_RUN.has(name) && WITHOUT_MEANING[name]?.(value) !== true) out[name] = value
  }
  for (const [name, value] of Object.entries(current)) {
    if (OF_THIS_RUN.has(name) || (OVERRIDABLE.has(name) && given.has(name))) out[name] = value
  }
  return out
}

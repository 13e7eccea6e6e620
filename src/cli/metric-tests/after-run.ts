import type { RunResultOutput } from '../../artifacts/index.js'
import type { SelectionRequest, Workspace } from '../../workspace.js'
import type { Ready } from '../ready.js'
import { METRIC_TEST_PREFIX } from './metric-test.js'
import { type MetricTestResult, runMetricTests } from './run-metric-tests.js'

/**
 * The metric tests of a `test` or `build`: those its selection takes along, or, in a retry, those that failed before.
 * Their results stand in run_results.json like those of other tests.
 */
export async function metricTestResults(
  ready: Ready,
  workspace: Workspace,
  request: SelectionRequest,
  again: ReadonlySet<string> | undefined,
): Promise<RunResultOutput[]> {
  if (ready.flags.which !== 'build' && ready.flags.which !== 'test') return []
  const results = await runMetricTests(ready, workspace, async (tests) => {
    if (again !== undefined) return tests.filter(({ name }) => again.has(name))
    const { selectMetricTests } = await import('./select-metric-tests.js')
    return selectMetricTests(tests, request, workspace)
  })
  return results.map((result) => outputOf(result, workspace.project.root.name))
}

function outputOf({ test, faults, startedAt, completedAt }: MetricTestResult, project: string): RunResultOutput {
  return {
    status: faults.length === 0 ? 'pass' : 'fail',
    timing: [{ name: 'execute', started_at: startedAt.toISOString(), completed_at: completedAt.toISOString() }],
    thread_id: 'main',
    execution_time: (completedAt.getTime() - startedAt.getTime()) / 1000,
    adapter_response: {},
    message: faults.length === 0 ? null : faults.map(({ message }) => message).join('\n'),
    failures: faults.length,
    unique_id: `${METRIC_TEST_PREFIX}${project}.${test.name}`,
    compiled: null,
    compiled_code: null,
    relation_name: null,
    batch_results: null,
  }
}

import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Diagnostic } from '../../core/diagnostic.js'
import type { Workspace } from '../../workspace.js'
import { formatDiagnostic } from '../print/diagnostics.js'
import { createStyle } from '../print/style.js'
import type { Ready } from '../ready.js'
import { METRIC_TESTS_FOLDER, type MetricTest } from './metric-test.js'

/** What came of one metric test. */
export interface MetricTestResult {
  readonly test: MetricTest
  readonly faults: readonly Diagnostic[]
  readonly startedAt: Date
  readonly completedAt: Date
}

/**
 * Runs those of the project's metric tests that `choose` leaves, and says what came of each. They need no warehouse: each
 * has a database in memory of its own.
 * @throws PlumbError when a file of tests cannot be read
 */
export async function runMetricTests(
  ready: Ready,
  workspace: Workspace,
  choose: (tests: readonly MetricTest[]) => Promise<readonly MetricTest[]> | readonly MetricTest[],
): Promise<MetricTestResult[]> {
  const root = workspace.project.root.root
  if (!existsSync(join(root, METRIC_TESTS_FOLDER))) return []
  const { readMetricTests } = await import('./read-metric-tests.js')
  const tests = await choose(readMetricTests(root))
  if (tests.length === 0) return []
  const { buildSemanticManifest } = await import('../../semantic/index.js')
  const { runMetricTest } = await import('./run-metric-test.js')
  const manifest = await workspace.manifest()
  const project = { manifest, semantic: buildSemanticManifest(manifest) }
  const style = createStyle(ready.flags.useColors)
  const results: MetricTestResult[] = []
  for (const [index, test] of tests.entries()) {
    const startedAt = new Date()
    const faults = await runMetricTest(test, project)
    results.push({ test, faults, startedAt, completedAt: new Date() })
    const passed = faults.length === 0
    const verdict = passed ? style.green('PASS') : style.red('FAIL')
    const details = faults.map((each) => `\n${formatDiagnostic(each, root, style)}`).join('\n')
    ready.emit({
      name: 'MetricTestResult',
      code: 'Q002',
      level: passed ? 'info' : 'error',
      msg: `${index + 1} of ${tests.length} ${verdict} metric test ${test.name} (${test.file})${details}`,
      data: {
        name: test.name,
        file: test.file,
        status: passed ? 'pass' : 'fail',
        faults: faults.map((f) => f.message),
      },
    })
  }
  const failed = results.filter(({ faults }) => faults.length > 0).length
  const counts = { passed: results.length - failed, failed }
  const msg = `Metric tests: PASS=${counts.passed} FAIL=${counts.failed} TOTAL=${tests.length}`
  ready.info('MetricTestsDone', 'Q003', msg, counts)
  return results
}

import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Workspace } from '../../workspace.js'
import { formatDiagnostic } from '../print/diagnostics.js'
import { createStyle } from '../print/style.js'
import type { Ready } from '../ready.js'
import { METRIC_TESTS_FOLDER } from './metric-test.js'

/** What came of the metric tests of a project. */
export interface MetricTestCounts {
  readonly passed: number
  readonly failed: number
}

/**
 * Runs the metric tests of the project, or those with the given names, and says what came of each. They need no
 * warehouse: each has a database in memory of its own.
 * @throws PlumbError when a file of tests cannot be read
 */
export async function runMetricTests(
  ready: Ready,
  workspace: Workspace,
  names: readonly string[] = [],
): Promise<MetricTestCounts> {
  const root = workspace.project.root.root
  if (!existsSync(join(root, METRIC_TESTS_FOLDER))) return { passed: 0, failed: 0 }
  const { readMetricTests } = await import('./read-metric-tests.js')
  const tests = readMetricTests(root).filter(({ name }) => names.length === 0 || names.includes(name))
  const counts = { passed: 0, failed: 0 }
  if (tests.length === 0) return counts
  const { buildSemanticManifest } = await import('../../semantic/index.js')
  const { runMetricTest } = await import('./run-metric-test.js')
  const manifest = await workspace.manifest()
  const project = { manifest, semantic: buildSemanticManifest(manifest) }
  const style = createStyle(ready.flags.useColors)
  for (const [index, test] of tests.entries()) {
    const faults = await runMetricTest(test, project)
    const passed = faults.length === 0
    counts[passed ? 'passed' : 'failed']++
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
  const msg = `Metric tests: PASS=${counts.passed} FAIL=${counts.failed} TOTAL=${tests.length}`
  ready.info('MetricTestsDone', 'Q003', msg, counts)
  return counts
}

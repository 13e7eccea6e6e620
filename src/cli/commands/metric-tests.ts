import type { Command } from '../command.js'
import { EXIT } from '../command.js'
import { PROJECT_OPTIONS } from '../options.js'

const metricTests: Command = {
  name: 'metric-tests',
  summary: 'Run the metric tests',
  help: 'Runs the tests in the folder metric-tests, in memory: the warehouse is not asked. `plumb test` and `plumb build` of the whole project run them too.',
  examples: ['plumb metric-tests', 'plumb metric-tests revenue_leaves_out_refunds'],
  options: [...PROJECT_OPTIONS],
  argument: { name: 'name', about: 'Only the test of this name.', required: false },
  need: 'adapter',
  async run(ready) {
    const workspace = await ready.workspace()
    const { runMetricTests } = await import('../metric-tests/run-metric-tests.js')
    const counts = await runMetricTests(ready, workspace, ready.argument === undefined ? [] : [ready.argument])
    if (counts.passed + counts.failed === 0) ready.info('NoMetricTests', 'Q004', 'There are no such metric tests.', {})
    return counts.failed > 0 ? EXIT.failures : EXIT.ok
  },
}
export default metricTests

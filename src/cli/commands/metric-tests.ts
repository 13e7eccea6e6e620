import type { Command } from '../command.js'
import { EXIT } from '../command.js'
import { PROJECT_OPTIONS } from '../options.js'

const metricTests: Command = {
  name: 'metric-tests',
  summary: 'Run the metric tests',
  help: 'Runs the tests in the folder metric-tests, in memory: the warehouse is not asked. `plumb test` and `plumb build` run those that their selection takes along.',
  examples: ['plumb metric-tests', 'plumb metric-tests revenue_leaves_out_refunds'],
  options: [...PROJECT_OPTIONS],
  argument: { name: 'name', about: 'Only the test of this name.', required: false },
  need: 'adapter',
  async run(ready) {
    const workspace = await ready.workspace()
    const { runMetricTests } = await import('../metric-tests/run-metric-tests.js')
    const only = ready.argument
    const results = await runMetricTests(ready, workspace, (tests) =>
      only === undefined ? tests : tests.filter(({ name }) => name === only),
    )
    if (results.length === 0) ready.info('NoMetricTests', 'Q004', 'There are no such metric tests.', {})
    return results.some(({ faults }) => faults.length > 0) ? EXIT.failures : EXIT.ok
  },
}
export default metricTests

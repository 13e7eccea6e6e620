import type { Command } from '../command.js'
import { runGraph } from '../run-graph.js'
import { GRAPH_OPTIONS, TYPES } from './shared-options.js'

const test: Command = {
  name: 'test',
  summary: 'Run data tests and unit tests',
  help: 'Runs the tests of the selected resources against what stands in the warehouse.',
  examples: ['plumb test --select orders', 'plumb test --select test_type:unit', 'plumb test --store-failures'],
  options: [...GRAPH_OPTIONS, ...TYPES, 'store_failures', 'plan', 'openlineage'],
  need: 'adapter',
  run: (ready) => runGraph(ready),
}
export default test

import type { Command } from '../command.js'
import { runGraph } from '../run-graph.js'
import { GRAPH_OPTIONS, TIME_OPTIONS, TYPES } from './shared-options.js'

const build: Command = {
  name: 'build',
  summary: 'Seeds, models, snapshots and tests, in the order of the graph',
  help: 'Loads seeds, builds models, takes snapshots and runs tests, each as soon as what it stands on is done. A failed test skips what is below it.',
  examples: [
    'plumb build',
    'plumb build --select staging+ --exclude tag:slow',
    'plumb build --select state:modified+ --state path/to/artifacts',
    'plumb build --plan',
  ],
  options: [
    ...GRAPH_OPTIONS,
    ...TYPES,
    ...TIME_OPTIONS,
    'full_refresh',
    'store_failures',
    'show',
    'export_saved_queries',
    'include_saved_query',
    'plan',
    'openlineage',
  ],
  need: 'adapter',
  run: (ready) => runGraph(ready),
}
export default build

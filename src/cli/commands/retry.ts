import type { Command } from '../command.js'
import { PROJECT_OPTIONS } from '../options.js'
import { retryGraph } from '../run-graph.js'

const retry: Command = {
  name: 'retry',
  summary: 'Run again what failed last time',
  help: 'Repeats the last command for the nodes that failed or were skipped, as run_results.json (of --state, else of the target directory) says.',
  options: [...PROJECT_OPTIONS, 'full_refresh', 'wait', 'run_lock', 'plan'],
  need: 'adapter',
  run: (ready) => retryGraph(ready),
}
export default retry

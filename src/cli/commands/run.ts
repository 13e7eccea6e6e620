import type { Command } from '../command.js'
import { runGraph } from '../run-graph.js'
import { GRAPH_OPTIONS, TIME_OPTIONS } from './shared-options.js'

const run: Command = {
  name: 'run',
  summary: 'Build models',
  help: 'Builds the selected models (and functions) in the order of the graph, without seeds, snapshots and tests.',
  examples: ['plumb run --select orders+', 'plumb run --full-refresh --select fct_sessions'],
  options: [...GRAPH_OPTIONS, ...TIME_OPTIONS, 'full_refresh', 'plan', 'openlineage'],
  need: 'adapter',
  run: (ready) => runGraph(ready),
}
export default run

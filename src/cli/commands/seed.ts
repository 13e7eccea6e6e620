import type { Command } from '../command.js'
import { runGraph } from '../run-graph.js'
import { GRAPH_OPTIONS } from './shared-options.js'

const seed: Command = {
  name: 'seed',
  summary: 'Load seed files',
  help: 'Loads the CSV files of the seed paths into tables.',
  options: [...GRAPH_OPTIONS, 'full_refresh', 'show', 'empty', 'plan', 'openlineage'],
  need: 'adapter',
  run: (ready) => runGraph(ready),
}
export default seed

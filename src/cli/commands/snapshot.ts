import type { Command } from '../command.js'
import { runGraph } from '../run-graph.js'
import { GRAPH_OPTIONS } from './shared-options.js'

const snapshot: Command = {
  name: 'snapshot',
  summary: 'Record how rows changed',
  help: 'Compares the selected snapshots with what they read and records what changed since.',
  options: [...GRAPH_OPTIONS, 'empty', 'plan', 'openlineage'],
  need: 'adapter',
  run: (ready) => runGraph(ready),
}
export default snapshot

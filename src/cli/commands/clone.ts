import type { Command } from '../command.js'
import { runGraph } from '../run-graph.js'
import { GRAPH_OPTIONS, TYPES } from './shared-options.js'

const clone: Command = {
  name: 'clone',
  summary: 'Copy selected nodes from another state',
  help: 'Makes the selected relations here from those of --state: as cheap copies where the warehouse has them, else as views.',
  examples: ['plumb clone --state path/to/artifacts'],
  options: [...GRAPH_OPTIONS, ...TYPES, 'full_refresh', 'plan'],
  need: 'adapter',
  run: (ready) => runGraph(ready),
}
export default clone

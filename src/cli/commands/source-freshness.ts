import type { Command } from '../command.js'
import { runGraph } from '../run-graph.js'
import { GRAPH_OPTIONS } from './shared-options.js'

const sourceFreshness: Command = {
  name: 'source freshness',
  which: 'freshness',
  summary: 'Check how fresh the sources are',
  help: 'Asks each selected source for its newest data, compares it with warn_after and error_after, and writes sources.json.',
  options: [...GRAPH_OPTIONS, 'output_file'],
  need: 'adapter',
  run: (ready) => runGraph(ready),
}
export default sourceFreshness

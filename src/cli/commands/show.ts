import type { Command } from '../command.js'
import { runGraph } from '../run-graph.js'
import { GRAPH_OPTIONS } from './shared-options.js'

const show: Command = {
  name: 'show',
  summary: 'Run a query or a model and print rows',
  examples: [
    'plumb show --select orders --limit 20',
    `plumb show --inline "select count(*) from {{ ref('orders') }}" --output json`,
  ],
  options: [...GRAPH_OPTIONS, 'inline', 'inline_direct', 'output_format', 'limit', 'introspect', 'full_refresh'],
  need: 'adapter',
  run: (ready) => runGraph(ready),
}
export default show

import type { Command } from '../command.js'
import { runGraph } from '../run-graph.js'
import { GRAPH_OPTIONS } from './shared-options.js'

const compile: Command = {
  name: 'compile',
  summary: 'Render the SQL without running it',
  help: 'Renders the selected resources and writes their SQL to the target directory; with one selected, or --inline, prints it.',
  examples: ['plumb compile --select orders', `plumb compile --inline "select * from {{ ref('orders') }}" --quiet`],
  options: [
    ...GRAPH_OPTIONS,
    'inline',
    'output_format',
    'introspect',
    'full_refresh',
    'empty',
    'inject_ephemeral_ctes',
    'plan',
  ],
  need: 'adapter',
  run: (ready) => runGraph(ready),
}
export default compile

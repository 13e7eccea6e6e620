import type { Command } from '../command.js'
import { runGraph } from '../run-graph.js'
import { GRAPH_OPTIONS } from './shared-options.js'

const compile: Command = {
  name: 'compile',
  summary: 'Render the SQL without running it',
  help:
    'Renders the selected resources and writes their SQL to the target directory; with one selected, or --inline, prints it. ' +
    'With --check every query is bound against the columns of what it reads, without touching data (DuckDB): unknown columns, ' +
    'wrong types and broken contracts are reported at the line of the template, and columns that are gone or changed ' +
    'since --state (or the last build) though something uses them.',
  examples: [
    'plumb compile --select orders',
    `plumb compile --inline "select * from {{ ref('orders') }}" --quiet`,
    'plumb compile --check',
  ],
  options: [
    ...GRAPH_OPTIONS,
    'inline',
    'output_format',
    'introspect',
    'full_refresh',
    'empty',
    'inject_ephemeral_ctes',
    'plan',
    'check',
  ],
  need: 'adapter',
  async run(ready) {
    if (!ready.options.is('check', false)) return runGraph(ready)
    const { checkProject } = await import('../check-project.js')
    return checkProject(ready)
  },
}
export default compile

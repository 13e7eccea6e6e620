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
  run(ready) {
    const path = ready.options.text('output_file')
    if (path !== null) {
      ready.emit({
        name: 'CustomOutputPathInSourceFreshnessDeprecation',
        code: 'D029',
        level: 'warn',
        msg: `Deprecated functionality\n\nCustom output path usage \`--output ${path}\` usage detected in \`dbt source freshness\` command.`,
        data: { path },
      })
    }
    return runGraph(ready)
  },
}
export default sourceFreshness

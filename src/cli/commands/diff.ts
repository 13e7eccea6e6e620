import type { Command } from '../command.js'
import { EXIT } from '../command.js'
import { PROJECT_OPTIONS } from '../options.js'
import { parseAndSave } from '../run-graph.js'

const diff: Command = {
  name: 'diff',
  summary: 'Say what a change touches, breaks and moves',
  help:
    'Compares the project with the state in --state (the target folder of another build): models, columns, metrics and ' +
    'exposures that were added, removed, changed, or stand on what changed, and whether something still uses what is gone. ' +
    'With --data the tables of both states are compared too: rows, the value of every metric, and in which values of its dimensions and since when it moved. Exits with 1 when the ' +
    'change is breaking.',
  examples: [
    'plumb diff --state prod-artifacts',
    'plumb diff --state prod-artifacts --data --output markdown > comment.md',
  ],
  options: [...PROJECT_OPTIONS, 'diff_data', 'diff_output'],
  need: 'adapter',
  async run(ready) {
    const { workspace } = await parseAndSave(ready)
    try {
      const { diffProject } = await import('../../project-diff.js')
      const { impactMarkdown, impactText } = await import('../../lineage/index.js')
      const found = await diffProject(workspace)
      const { compareData } = await import('../../diff-data.js')
      const data = ready.options.is('diff_data', false) ? await compareData(workspace, found) : []
      const output = ready.options.text('diff_output') ?? 'text'
      if (output === 'json') ready.print(JSON.stringify({ ...found.impact, data }, null, 2))
      else ready.print(output === 'markdown' ? impactMarkdown(found.impact, data) : impactText(found.impact, data))
      return found.impact.breaking ? EXIT.failures : EXIT.ok
    } finally {
      await workspace.close()
    }
  },
}
export default diff

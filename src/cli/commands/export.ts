import { fail } from '../../core/diagnostic.js'
import { closestNames } from '../../core/did-you-mean.js'
import type { Command } from '../command.js'
import { EXIT } from '../command.js'
import { openMetrics } from '../metrics/open-metrics.js'
import { splitNames } from '../metrics/question.js'
import { PROJECT_OPTIONS } from '../options.js'

const exportCommand: Command = {
  name: 'export',
  summary: 'Write the exports of saved queries: tables, views, files',
  help: 'Writes what a saved query exports: tables and views of its exports:, and the files (Parquet, CSV, Excel, JSON, Arrow) of meta.export_files. Without a name, all saved queries that export anything.',
  examples: ['plumb export', 'plumb export weekly_review', 'plumb export weekly_review --only exports/weekly.xlsx'],
  options: ['saved_query', 'only_exports', ...PROJECT_OPTIONS],
  argument: { name: 'saved_query', about: 'A saved query of the project.', required: false },
  need: 'adapter',
  answers: true,
  async run(ready) {
    const name = ready.argument ?? ready.options.text('saved_query')
    const metrics = await openMetrics(ready)
    try {
      const { exportSavedQuery, hasExports } = await import('../metrics/export-saved-query.js')
      const { saved_queries: all } = await metrics.workspace.manifest()
      const asked = Object.values(all).filter((saved) => (name === null ? hasExports(saved) : saved.name === name))
      if (asked.length === 0) {
        const near =
          name === null
            ? []
            : closestNames(
                name,
                Object.values(all).map((saved) => saved.name),
              )
        fail(
          'semantic',
          'saved-query-not-found',
          name === null ? 'No saved query exports anything.' : `There is no saved query '${name}'.`,
          {
            hint: near.length > 0 ? `did you mean '${near[0]}'?` : 'plumb saved-queries lists them',
          },
        )
      }
      const place = {
        engine: metrics.engine,
        adapter: await metrics.workspace.adapter(),
        projectRoot: metrics.workspace.project.root.root,
        only: splitNames(ready.options.list('only_exports')),
      }
      for (const saved of asked) {
        for (const { kind, target, rows } of await exportSavedQuery(saved, place)) {
          const count = rows === null ? '' : ` (${rows} rows)`
          if (!ready.flags.quiet) await ready.answer(`${saved.name}: ${kind} ${target}${count}\n`)
        }
      }
      return EXIT.ok
    } finally {
      await metrics.close()
    }
  },
}
export default exportCommand

import type { Command } from '../command.js'
import { EXIT } from '../command.js'
import { openMetrics } from '../metrics/open-metrics.js'
import { PROJECT_OPTIONS } from '../options.js'

const validate: Command = {
  name: 'validate',
  summary: 'Check the definitions of metrics',
  help: 'Checks semantic models, metrics and saved queries by the rules of MetricFlow; with --warehouse also whether the tables have what they name.',
  examples: ['plumb validate', 'plumb validate --warehouse'],
  options: ['warehouse', 'skip_warehouse', 'show_all', 'list_format', 'semantic_manifest', ...PROJECT_OPTIONS],
  need: 'adapter',
  answers: true,
  async run(ready) {
    const metrics = await openMetrics(ready)
    try {
      const { isInvalid, issueDiagnostic } = await import('../../semantic/index.js')
      const issues = metrics.engine.validate()
      const found = issues.map(issueDiagnostic)
      if (ready.options.is('warehouse', false) && !isInvalid(issues)) {
        const { checkWarehouse } = await import('../metrics/check-warehouse.js')
        found.push(...(await checkWarehouse(metrics)))
      }
      const errors = found.filter(({ severity }) => severity === 'error').length
      const { formatDiagnostic, diagnosticToJson } = await import('../print/diagnostics.js')
      if (ready.options.text('list_format') === 'json') {
        await ready.answer(`${JSON.stringify(found.map(diagnosticToJson), null, 2)}\n`)
      } else {
        const { createStyle } = await import('../print/style.js')
        const style = createStyle(ready.flags.useColors)
        const { semantic_models: models, metrics: defined, saved_queries: saved } = metrics.manifest
        const counts = `${models.length} semantic models, ${defined.length} metrics, ${saved.length} saved queries`
        const verdict = `${errors} errors, ${found.length - errors} warnings`
        for (const item of found) await ready.answer(`${formatDiagnostic(item, ready.projectDir, style)}\n\n`)
        await ready.answer(`${counts}: ${errors > 0 ? style.red(verdict) : style.green(verdict)}\n`)
      }
      return errors > 0 ? EXIT.failures : EXIT.ok
    } finally {
      await metrics.close()
    }
  },
}
export default validate

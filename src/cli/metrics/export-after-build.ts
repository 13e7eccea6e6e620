import { PlumbError } from '../../core/diagnostic.js'
import type { RunResult } from '../../run/index.js'
import type { Workspace } from '../../workspace.js'
import { formatDiagnostic } from '../print/diagnostics.js'
import { createStyle } from '../print/style.js'
import type { Ready } from '../ready.js'

/**
 * `build --export-saved-queries`: writes the exports of the saved queries that the build came to. Those below something
 * that failed are skipped already.
 * @returns the results, those of exported queries replaced
 */
export async function exportAfterBuild(
  ready: Ready,
  workspace: Workspace,
  results: readonly RunResult[],
): Promise<RunResult[]> {
  const { exportSavedQuery, hasExports } = await import('./export-saved-query.js')
  const due = (result: RunResult) =>
    result.node.resource_type === 'saved_query' && result.status === 'no-op' && hasExports(result.node)
  if (!results.some(due)) return [...results]
  const { createSemanticEngine, buildSemanticManifest } = await import('../../semantic/index.js')
  const { dialectOf } = await import('./open-metrics.js')
  const place = {
    engine: createSemanticEngine(buildSemanticManifest(await workspace.manifest()), {
      dialect: await dialectOf(await workspace.plugin()),
    }),
    adapter: await workspace.adapter(),
    projectRoot: workspace.project.root.root,
  }
  const done: RunResult[] = []
  for (const result of results) {
    const { node } = result
    if (!due(result) || node.resource_type !== 'saved_query') {
      done.push(result)
      continue
    }
    const started = performance.now()
    const end = () => (performance.now() - started) / 1000
    try {
      const written = await exportSavedQuery(node, place)
      const message = written.map(({ kind, target }) => `${kind} ${target}`).join(', ')
      ready.info('SavedQueryExported', 'Q000', `Exported saved query ${node.name}: ${message}`, {
        node: node.unique_id,
      })
      done.push({ ...result, status: 'success', message, execution_time: end() })
    } catch (error) {
      if (!(error instanceof PlumbError)) throw error
      const style = createStyle(ready.flags.useColors)
      const text = error.diagnostics.map((each) => formatDiagnostic(each, ready.projectDir, style)).join('\n')
      const msg = `Could not export saved query ${node.name}\n${text}`
      ready.emit({ name: 'SavedQueryNotExported', code: 'Q001', level: 'error', msg, data: { node: node.unique_id } })
      done.push({ ...result, status: 'error', message: error.message, execution_time: end() })
    }
  }
  return done
}

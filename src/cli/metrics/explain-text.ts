import type { ModelNode } from '../../manifest/index.js'
import type { MetricQuery, QueryExplanation } from '../../semantic/index.js'
import type { Ready } from '../ready.js'
import type { Metrics } from './open-metrics.js'

/** What a question does, in words, the files its columns come from, and its SQL; with `--quiet` the SQL alone. */
export async function explanationOf(metrics: Metrics, question: MetricQuery, ready: Ready): Promise<string> {
  const { asOwner } = await import('../../query/index.js')
  const explained = asOwner({ ...question, trusted: true }, (asked) => metrics.engine.explain(asked))
  if (ready.flags.quiet) return `${explained.sql}\n`
  const files = await filesOf(explained, metrics, ready)
  if (ready.options.text('answer_output') === 'json') return `${JSON.stringify(asJson(explained, files), null, 2)}\n`
  const listed = [...files].map(([relation, path]) => `  ${relation}: ${path}\n`).join('')
  return `${explained.text}\n${listed === '' ? '' : `\nFiles:\n${listed}`}\nSQL:\n${explained.sql}\n`
}

/** The file that makes each table read. */
async function filesOf({ lineage }: QueryExplanation, metrics: Metrics, ready: Ready): Promise<Map<string, string>> {
  if (ready.options.text('semantic_manifest') !== null) return new Map()
  const { nodes } = await metrics.workspace.manifest()
  const models = Object.values(nodes).filter((node): node is ModelNode => 'relation_name' in node)
  const byRelation = new Map(models.map((node) => [node.relation_name, node.original_file_path]))
  return new Map(
    lineage.tables.flatMap(({ relation }) => {
      const path = byRelation.get(relation)
      return path === undefined ? [] : [[relation, path] as const]
    }),
  )
}

function asJson(explained: QueryExplanation, files: ReadonlyMap<string, string>): Record<string, unknown> {
  const { sql, metrics, groupBy, filters, timeRange, steps, lineage } = explained
  return {
    sql,
    metrics,
    group_by: groupBy,
    filters,
    time_range: timeRange ?? null,
    steps,
    tables: lineage.tables.map((table) => ({
      relation: table.relation,
      semantic_models: table.semanticModels,
      columns: table.columns,
      file: files.get(table.relation) ?? null,
    })),
    columns: [...lineage.columns].map(([name, origins]) => ({ name, made_of: origins })),
  }
}

/** The suite's projects written again in the newer spelling: models of their own, described by what they mean. */

import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { SemanticManifest } from '../../../src/manifest/semantic-manifest.js'
import { toPlannedManifest } from '../../../src/semantic/manifest/transform/index.js'
import { ownerOf, writeMetric, writeModel } from './rewrite.js'

/**
 * Writes a project that means what a manifest means. A semantic model and its model are one there, so each gets a view
 * of its own over the suite's table; YAML is written as JSON, which it contains.
 */
export function writeNewSpellingProject(
  manifest: SemanticManifest,
  directory: string,
  profile: Readonly<Record<string, unknown>>,
): void {
  const planned = toPlannedManifest(manifest)
  const models = join(directory, 'models')
  mkdirSync(models, { recursive: true })
  const described: unknown[] = []
  const select = (name: string, relation: string) =>
    writeFileSync(join(models, `${name}.sql`), `select * from ${relation}\n`)

  for (const model of planned.semantic_models) {
    const name = `sm_${model.name}`
    select(name, model.node_relation.relation_name)
    const metrics = planned.metrics.filter((metric) => ownerOf(metric) === model.name)
    described.push({ ...writeModel(model, metrics), name })
  }
  for (const spine of planned.project_configuration.time_spines) {
    const name = `spine_${spine.primary_column.time_granularity}`
    select(name, spine.node_relation.relation_name)
    const { name: column, time_granularity: granularity } = spine.primary_column
    const custom = spine.custom_granularities
    described.push({
      name,
      time_spine: { standard_granularity_column: column, custom_granularities: custom },
      columns: [{ name: column, granularity }, ...custom.map((each) => ({ name: each.column_name ?? each.name }))],
    })
  }
  const topLevel = planned.metrics.filter((metric) => ownerOf(metric) === undefined)
  const properties = {
    models: described,
    ...(topLevel.length > 0 ? { metrics: topLevel.map(writeMetric) } : {}),
    ...(planned.saved_queries.length > 0 ? { saved_queries: planned.saved_queries.map(writeSavedQuery) } : {}),
  }
  writeFileSync(join(models, 'models.yml'), JSON.stringify(properties, null, 1))
  writeFileSync(join(directory, 'dbt_project.yml'), 'name: newer\nversion: "1.0"\nprofile: mf_conformance\n')
  writeFileSync(
    join(directory, 'profiles.yml'),
    JSON.stringify({ mf_conformance: { target: 'dev', outputs: { dev: { ...profile, schema: 'newer' } } } }),
  )
}

function writeSavedQuery({ name, query_params: params }: SemanticManifest['saved_queries'][number]) {
  const where = params.where?.where_filters.map((filter) => filter.where_sql_template) ?? []
  return {
    name,
    query_params: {
      metrics: params.metrics,
      group_by: params.group_by,
      ...(where.length > 0 ? { where } : {}),
      ...((params.order_by?.length ?? 0) > 0 ? { order_by: params.order_by } : {}),
      ...(params.limit ? { limit: params.limit } : {}),
    },
  }
}

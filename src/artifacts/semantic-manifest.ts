import { exactJson } from '../core/exact-json.js'
import type { JsonObject, Manifest, ModelNode } from '../manifest/index.js'
import { pick, type Shape } from './pick-fields.js'
import { METRIC, SAVED_QUERY, SEMANTIC_MODEL } from './semantic-shapes.js'
import { inChunks, writeFileAtomically } from './write-file.js'

/**
 * Writes semantic_manifest.json: what MetricFlow reads.
 * @throws PlumbError `artifact-not-written`.
 */
export async function writeSemanticManifest(path: string, manifest: Manifest): Promise<void> {
  await writeFileAtomically(path, inChunks([exactJson(semanticManifestOf(manifest))]))
}

/** semantic_manifest.json as data: semantic models, metrics and saved queries, cut to the fields MetricFlow knows. */
export function semanticManifestOf(manifest: Manifest): JsonObject {
  return {
    semantic_models: pickAll(manifest.semantic_models, SEMANTIC_MODEL),
    metrics: pickAll(manifest.metrics, METRIC),
    project_configuration: {
      time_spine_table_configurations: legacyTimeSpines(manifest),
      metadata: null,
      dsi_package_version: { major_version: '0', minor_version: '9', patch_version: '0' },
      time_spines: timeSpines(manifest),
    },
    saved_queries: pickAll(manifest.saved_queries, SAVED_QUERY),
  }
}

function pickAll(section: Record<string, object>, shape: Shape): JsonObject[] {
  return Object.values(section).map((resource) => pick(resource, shape) as JsonObject)
}

function models(manifest: Manifest): ModelNode[] {
  return Object.values(manifest.nodes).filter((node): node is ModelNode => node.resource_type === 'model')
}

function timeSpines(manifest: Manifest): JsonObject[] {
  return models(manifest).flatMap((model) => {
    const spine = model.time_spine
    if (spine === null || spine === undefined) return []
    const column = Object.values(model.columns).find((c) => c.name === spine.standard_granularity_column)
    return [
      {
        node_relation: {
          alias: model.alias,
          schema_name: model.schema,
          database: model.database,
          relation_name: model.relation_name,
        },
        primary_column: { name: spine.standard_granularity_column, time_granularity: column?.granularity ?? null },
        custom_granularities: spine.custom_granularities.map(({ name, column_name }) => ({ name, column_name })),
      },
    ]
  })
}

/** A model called `metricflow_time_spine` without `time_spine:` is one by days, as in the first years of MetricFlow. */
function legacyTimeSpines(manifest: Manifest): JsonObject[] {
  if (Object.keys(manifest.semantic_models).length === 0) return []
  const model = models(manifest).find((m) => m.name === 'metricflow_time_spine')
  if (model === undefined || (model.time_spine !== null && model.time_spine !== undefined)) return []
  return [{ location: model.relation_name, column_name: 'date_day', grain: 'day' }]
}

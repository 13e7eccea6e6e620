import { fail } from '../../core/diagnostic.js'
import { describeNode, type Manifest, type ModelNode, type SemanticModelNode } from '../../manifest/index.js'
import type {
  LegacyTimeSpine,
  Metric,
  NodeRelation,
  SavedQuery,
  SemanticManifest,
  SemanticModel,
  TimeSpineConfig,
} from '../../manifest/semantic-manifest.js'

/** A model of this name is a time spine by days even where no YAML says so. */
const LEGACY_SPINE = 'metricflow_time_spine'

/** The semantic objects of a project's manifest, as `createSemanticEngine` takes them. */
export function buildSemanticManifest(
  manifest: Pick<Manifest, 'nodes' | 'semantic_models' | 'metrics' | 'saved_queries'>,
): SemanticManifest {
  const models = Object.values(manifest.nodes).filter((node): node is ModelNode => node.resource_type === 'model')
  return {
    semantic_models: Object.values(manifest.semantic_models).map(semanticModel),
    // Both kinds of node hold what the semantic manifest holds, and more.
    metrics: Object.values(manifest.metrics) as unknown as readonly Metric[],
    saved_queries: Object.values(manifest.saved_queries) as unknown as readonly SavedQuery[],
    project_configuration: {
      time_spine_table_configurations: models.filter((model) => model.name === LEGACY_SPINE).flatMap(legacySpine),
      time_spines: models.flatMap(timeSpine),
    },
  }
}

function semanticModel(node: SemanticModelNode): SemanticModel {
  if (node.node_relation === null) {
    fail('semantic', 'semantic-model-without-table', `${describeNode(node)} has no table: is its model disabled?`)
  }
  return node as unknown as SemanticModel
}

function timeSpine(model: ModelNode): TimeSpineConfig[] {
  const spine = model.time_spine
  if (spine === null || spine === undefined) return []
  const column = Object.values(model.columns).find(({ name }) => name === spine.standard_granularity_column)
  const grain = column?.granularity
  if (typeof grain !== 'string') return []
  return [
    {
      node_relation: relationOf(model),
      primary_column: { name: spine.standard_granularity_column, time_granularity: grain },
      custom_granularities: spine.custom_granularities,
    },
  ]
}

function legacySpine(model: ModelNode): LegacyTimeSpine[] {
  if (model.time_spine !== null && model.time_spine !== undefined) return []
  return [{ location: relationOf(model).relation_name, column_name: 'date_day', grain: 'day' }]
}

function relationOf(model: ModelNode): NodeRelation {
  return {
    alias: model.alias,
    schema_name: model.schema,
    database: model.database,
    relation_name: model.relation_name ?? model.alias,
  }
}

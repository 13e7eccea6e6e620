/** Metrics: from semantic models and questions to SQL. Only this file is for other rooms. */

export type { SemanticManifest } from '../manifest/semantic-manifest.js'
export type { CompiledColumn, CompiledQuery } from './answer/compiled-query.js'
export type { ExplainedItem, ExplainedMetric, ExplainedStep, QueryExplanation } from './answer/explain.js'
export type { LineageColumn, LineageTable, QueryLineage } from './answer/lineage.js'
export { DIALECT_NAMES, type DialectName, dialects } from './dialects/index.js'
export { createSemanticEngine, type SemanticEngine, type SemanticEngineOptions } from './engine.js'
export type { DimensionValuesRequest } from './listing/dimension-values.js'
export type { DimensionSummary, EntitySummary, ListRequest } from './listing/items.js'
export type { MetricSummary } from './listing/metrics.js'
export type { SavedQuerySummary } from './listing/saved-queries.js'
export { buildSemanticManifest } from './manifest/build.js'
export { type DefinitionFault, definitionFaults } from './manifest/parse-faults.js'
export { toWrittenManifest } from './manifest/transform/index.js'
export {
  isInvalid,
  issueDiagnostic,
  type ManifestIssue,
  type RuleName,
  validateManifest,
} from './manifest/validate/index.js'
export {
  type GroupByRequest,
  type MetricModifier,
  type MetricQuery,
  type MetricRequest,
  type OrderByRequest,
  readMetricQuery,
} from './query/metric-query.js'

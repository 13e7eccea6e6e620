import type { SemanticManifest } from '../manifest/semantic-manifest.js'
import type { SqlDialect } from '../sql/plan/dialect.js'
import { renderSelect, type TableText } from '../sql/plan/render.js'
import { type CompiledQuery, columnsOfQuery, metricsNamed } from './answer/compiled-query.js'
import { explainQuery, type QueryExplanation } from './answer/explain.js'
import { traceLineage } from './answer/lineage.js'
import { SemanticCatalog } from './catalog.js'
import { optimizePlan } from './dataflow/optimize/index.js'
import { planQuery } from './dataflow/planner.js'
import { toSelect } from './dataflow/to-sql.js'
import { type DialectName, dialects } from './dialects/index.js'
import { type DimensionValuesRequest, valuesQuery } from './listing/dimension-values.js'
import {
  type DimensionSummary,
  type EntitySummary,
  type ListRequest,
  listDimensions,
  listEntities,
} from './listing/items.js'
import { listMetrics, type MetricSummary } from './listing/metrics.js'
import { listSavedQueries, type SavedQuerySummary } from './listing/saved-queries.js'
import { toPlannedManifest } from './manifest/transform/index.js'
import { type ManifestIssue, validateManifest } from './manifest/validate/index.js'
import { DefinitionFilters } from './query/definition-filters.js'
import { GroupByResolver } from './query/group-by-resolver.js'
import type { MetricQuery } from './query/metric-query.js'
import { resolveQuery } from './query/resolve-query.js'

/** Answers questions about the metrics of one manifest, for one warehouse. */
export interface SemanticEngine {
  /**
   * The SQL of a query; `tableText` says what is read in place of a table.
   * @throws PlumbError of kind `semantic` with everything that is wrong with the query.
   */
  compile(query: MetricQuery, tableText?: TableText): CompiledQuery
  /** What a query does, step by step and in words. */
  explain(query: MetricQuery): QueryExplanation
  /** The query for the values a dimension has, at all or together with metrics. */
  dimensionValues(request: DimensionValuesRequest): CompiledQuery
  /** The same as a question. */
  valuesQuery(request: DimensionValuesRequest): MetricQuery
  listMetrics(request?: { readonly search?: string }): readonly MetricSummary[]
  listDimensions(request?: ListRequest): readonly DimensionSummary[]
  listEntities(request?: ListRequest): readonly EntitySummary[]
  listSavedQueries(request?: { readonly search?: string }): readonly SavedQuerySummary[]
  /** What is wrong with the manifest itself. */
  validate(): readonly ManifestIssue[]
}

export interface SemanticEngineOptions {
  readonly dialect: SqlDialect | DialectName
}

/** `manifest` is in the form of dbt's `semantic_manifest.json`. */
export function createSemanticEngine(manifest: SemanticManifest, options: SemanticEngineOptions): SemanticEngine {
  const dialect = typeof options.dialect === 'string' ? dialects[options.dialect] : options.dialect
  const catalog = new SemanticCatalog(toPlannedManifest(manifest))
  const resolver = new GroupByResolver(catalog)
  const filters = new DefinitionFilters(catalog, resolver)

  const planOf = (query: MetricQuery) => {
    const spec = resolveQuery(query, catalog, resolver)
    const own = catalog.withMetrics(spec.definitions)
    const ownFilters = own === catalog ? filters : new DefinitionFilters(own, new GroupByResolver(own))
    const { plan, builder } = planQuery(spec, own, ownFilters)
    return { spec, catalog: own, plan: optimizePlan(plan, builder, own) }
  }
  const compile = (query: MetricQuery, tableText?: TableText): CompiledQuery => {
    const { spec, plan, catalog: own } = planOf(query)
    const select = toSelect(plan, own)
    return {
      sql: renderSelect(select, dialect, tableText),
      columns: columnsOfQuery(spec, own),
      metrics: metricsNamed(spec),
      lineage: () => traceLineage(select),
    }
  }
  return {
    compile,
    explain: (query) => {
      const { spec, plan, catalog: own } = planOf(query)
      return explainQuery(spec, plan, own, dialect)
    },
    dimensionValues: (request) => compile(valuesQuery(request)),
    valuesQuery,
    listMetrics: (request = {}) => listMetrics(catalog, request),
    listDimensions: (request = {}) => listDimensions(catalog, resolver, request),
    listEntities: (request = {}) => listEntities(catalog, resolver, request),
    listSavedQueries: (request = {}) => listSavedQueries(catalog, request),
    validate: () => validateManifest(manifest),
  }
}

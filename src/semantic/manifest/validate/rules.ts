import type { ValidationRule } from './rule.js'
import { aggTimeDimensions } from './rules/agg-time-dimensions.js'
import { conversionMetrics } from './rules/conversion-metrics.js'
import { cumulativeMetrics } from './rules/cumulative-metrics.js'
import { derivedMetrics } from './rules/derived-metrics.js'
import { dimensionConsistency } from './rules/dimension-consistency.js'
import { elementConsistency } from './rules/element-consistency.js'
import { entityLabels } from './rules/entity-labels.js'
import { measureAliases } from './rules/measure-aliases.js'
import { measureCounts } from './rules/measure-counts.js'
import { measureNonAdditiveDimensions } from './rules/measure-non-additive-dimensions.js'
import { measurePercentiles } from './rules/measure-percentiles.js'
import { metricAggregationParams } from './rules/metric-aggregation-params.js'
import { metricCounts } from './rules/metric-counts.js'
import { metricLabels } from './rules/metric-labels.js'
import { metricMeasures } from './rules/metric-measures.js'
import { metricNonAdditiveDimensions } from './rules/metric-non-additive-dimensions.js'
import { metricPercentiles } from './rules/metric-percentiles.js'
import { metricTimeGranularity } from './rules/metric-time-granularity.js'
import { modelDefaults } from './rules/model-defaults.js'
import { modelLabels } from './rules/model-labels.js'
import { naturalEntities } from './rules/natural-entities.js'
import { nonEmpty } from './rules/non-empty.js'
import { primaryEntities } from './rules/primary-entities.js'
import { reservedWords } from './rules/reserved-words.js'
import { savedQueries } from './rules/saved-queries.js'
import { sharedEntities } from './rules/shared-entities.js'
import { simpleMetricExpr } from './rules/simple-metric-expr.js'
import { timeGranularities } from './rules/time-granularities.js'
import { timeSpines } from './rules/time-spines.js'
import { uniqueDimensions } from './rules/unique-dimensions.js'
import { uniqueMeasures } from './rules/unique-measures.js'
import { uniqueNames } from './rules/unique-names.js'
import { validityWindows } from './rules/validity-windows.js'
import { whereFilters } from './rules/where-filters.js'

/** All rules by name. */
export const VALIDATION_RULES = {
  'agg-time-dimensions': aggTimeDimensions,
  'conversion-metrics': conversionMetrics,
  'cumulative-metrics': cumulativeMetrics,
  'derived-metrics': derivedMetrics,
  'dimension-consistency': dimensionConsistency,
  'element-consistency': elementConsistency,
  'entity-labels': entityLabels,
  'measure-aliases': measureAliases,
  'measure-counts': measureCounts,
  'measure-non-additive-dimensions': measureNonAdditiveDimensions,
  'measure-percentiles': measurePercentiles,
  'metric-aggregation-params': metricAggregationParams,
  'metric-counts': metricCounts,
  'metric-labels': metricLabels,
  'metric-measures': metricMeasures,
  'metric-non-additive-dimensions': metricNonAdditiveDimensions,
  'metric-percentiles': metricPercentiles,
  'metric-time-granularity': metricTimeGranularity,
  'model-defaults': modelDefaults,
  'model-labels': modelLabels,
  'natural-entities': naturalEntities,
  'non-empty': nonEmpty,
  'primary-entities': primaryEntities,
  'reserved-words': reservedWords,
  'saved-queries': savedQueries,
  'shared-entities': sharedEntities,
  'simple-metric-expr': simpleMetricExpr,
  'time-granularities': timeGranularities,
  'time-spines': timeSpines,
  'unique-dimensions': uniqueDimensions,
  'unique-measures': uniqueMeasures,
  'unique-names': uniqueNames,
  'validity-windows': validityWindows,
  'where-filters': whereFilters,
} as const satisfies Readonly<Record<string, ValidationRule>>

export type RuleName = keyof typeof VALIDATION_RULES

export function isRuleName(name: string): name is RuleName {
  return Object.hasOwn(VALIDATION_RULES, name)
}

/** Advice that many sound projects would be given. */
const ONLY_ON_REQUEST: ReadonlySet<RuleName> = new Set<RuleName>(['shared-entities'])

/** What is checked when nobody says which rules. */
export const DEFAULT_RULES: readonly RuleName[] = (Object.keys(VALIDATION_RULES) as RuleName[]).filter(
  (name) => !ONLY_ON_REQUEST.has(name),
)

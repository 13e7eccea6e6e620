import {
  isInvalid,
  isRuleName,
  type ManifestIssue,
  type RuleName,
  validateManifest,
} from '../../../src/semantic/manifest/validate/index.js'
import type { ValidationCase } from './suite.js'

/** Our rules by MetricFlow's names for them. */
export const RULES: Readonly<Record<string, RuleName>> = {
  AggregationTimeDimensionRule: 'agg-time-dimensions',
  CommonEntitysRule: 'shared-entities',
  ConversionMetricRule: 'conversion-metrics',
  CountAggregationExprRule: 'measure-counts',
  CumulativeMetricRule: 'cumulative-metrics',
  DerivedMetricRule: 'derived-metrics',
  DimensionConsistencyRule: 'dimension-consistency',
  ElementConsistencyRule: 'element-consistency',
  EntityLabelsRule: 'entity-labels',
  MeasureConstraintAliasesRule: 'measure-aliases',
  MeasuresNonAdditiveDimensionRule: 'measure-non-additive-dimensions',
  MetricAggregationParamsInForSimpleMetricsRule: 'metric-aggregation-params',
  MetricLabelsRule: 'metric-labels',
  MetricMeasuresRule: 'metric-measures',
  MetricTimeGranularityRule: 'metric-time-granularity',
  MetricsCountAggregationExprRule: 'metric-counts',
  MetricsNonAdditiveDimensionsRule: 'metric-non-additive-dimensions',
  MetricsPercentileAggregationRule: 'metric-percentiles',
  NaturalEntityConfigurationRule: 'natural-entities',
  NonEmptyRule: 'non-empty',
  PercentileAggregationRule: 'measure-percentiles',
  PrimaryEntityDimensionPairs: 'unique-dimensions',
  PrimaryEntityRule: 'primary-entities',
  ReservedKeywordsRule: 'reserved-words',
  SavedQueryRule: 'saved-queries',
  SemanticModelDefaultsRule: 'model-defaults',
  SemanticModelLabelsRule: 'model-labels',
  SemanticModelMeasuresUniqueRule: 'unique-measures',
  SemanticModelValidityWindowRule: 'validity-windows',
  SimpleMetricExprRule: 'simple-metric-expr',
  TimeDimensionHasGranularityRule: 'time-granularities',
  TimeSpineRule: 'time-spines',
  UniqueAndValidNameRule: 'unique-names',
  WhereFiltersAreParseable: 'where-filters',
}

/** How our verdict on a manifest differs from what is expected; undefined if it does not. */
export function validationFault(test: ValidationCase): string | undefined {
  const rules = test.rules.map((name) => RULES[name] ?? name)
  const unknown = rules.find((name) => !isRuleName(name))
  if (unknown !== undefined) return `no rule ${unknown}`
  const issues = validateManifest(test.semantic_manifest, rules.filter(isRuleName))
  const verdict = isInvalid(issues) ? 'invalid' : 'valid'
  const errors = issues.filter((issue) => issue.level === 'error')
  const expected = test.issues.filter((issue) => issue.level === 'ERROR')
  if (verdict === test.expect && errors.length === expected.length) return undefined
  const lines = [
    `${verdict} with ${errors.length} errors instead of ${test.expect} with ${expected.length}`,
    ...errors.map((issue) => `  ours: ${textOf(issue)}`),
    ...expected.map((issue) => `  theirs: ${issue.message}`),
  ]
  return lines.join('\n')
}

function textOf(issue: ManifestIssue): string {
  return `${issue.rule}: ${issue.message} (${issue.subject ?? ''})`
}

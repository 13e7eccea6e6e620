import { fail } from '../../core/diagnostic.js'
import type { Metric, MetricInput, TimeWindow, WhereFilterIntersection } from '../../manifest/semantic-manifest.js'
import { isTimeGranularity, type TimeGranularity } from '../../sql/granularity.js'
import type { ModelNode } from '../graph/model-node.js'
import type { MetricDefinition, MetricInputDefinition, SimpleMetric, Window } from './definition.js'

type Definer<T extends Metric['type']> = (
  metric: Metric,
  models: ReadonlyMap<string, ModelNode>,
) => Extract<MetricDefinition, { type: T }>

/** The definition of a metric with its references resolved and its gaps filled. @throws PlumbError if it is not usable. */
export function defineMetric(metric: Metric, models: ReadonlyMap<string, ModelNode>): MetricDefinition {
  return definers[metric.type](metric, models)
}

const definers: { readonly [T in Metric['type']]: Definer<T> } = {
  simple: defineSimple,
  ratio: (metric) => ({
    ...common(metric),
    type: 'ratio',
    inputs: [
      required(metric, 'numerator', metric.type_params.numerator),
      required(metric, 'denominator', metric.type_params.denominator),
    ].map(inputOf),
  }),
  derived: (metric) => ({
    ...common(metric),
    type: 'derived',
    expr: required(metric, 'expr', metric.type_params.expr),
    inputs: required(metric, 'metrics', metric.type_params.metrics).map(inputOf),
  }),
  cumulative: (metric) => {
    const params = metric.type_params.cumulative_type_params
    return {
      ...common(metric),
      type: 'cumulative',
      input: inputOf(required(metric, 'cumulative_type_params.metric', params?.metric)),
      window: windowOf(params?.window),
      grainToDate: standardGrainOf(metric, 'grain_to_date', params?.grain_to_date),
      periodAgg: params?.period_agg ?? 'first',
    }
  },
  conversion: (metric) => {
    const params = required(metric, 'conversion_type_params', metric.type_params.conversion_type_params)
    return {
      ...common(metric),
      type: 'conversion',
      base: inputOf(required(metric, 'base_metric', params.base_metric)),
      conversion: inputOf(required(metric, 'conversion_metric', params.conversion_metric)),
      entity: params.entity,
      calculation: params.calculation ?? 'conversion_rate',
      window: windowOf(params.window),
      constantProperties: (params.constant_properties ?? []).map((property) => ({
        base: property.base_property,
        conversion: property.conversion_property,
      })),
    }
  },
}

function defineSimple(metric: Metric, models: ReadonlyMap<string, ModelNode>): SimpleMetric {
  const params = required(metric, 'metric_aggregation_params', metric.type_params.metric_aggregation_params)
  const model = models.get(params.semantic_model)
  if (model === undefined) {
    fail(
      'semantic',
      'semantic-model-not-found',
      `Metric '${metric.name}' is defined on semantic model '${params.semantic_model}', which does not exist.`,
    )
  }
  const aggTime = params.agg_time_dimension ?? model.model.defaults?.agg_time_dimension
  const aggTimeGrain = aggTime ? model.timeGrains.get(aggTime) : undefined
  if (!aggTime || aggTimeGrain === undefined) {
    fail(
      'semantic',
      'agg-time-dimension-missing',
      aggTime
        ? `Metric '${metric.name}' aggregates over '${aggTime}', which is not a time dimension of '${model.name}'.`
        : `Metric '${metric.name}' has no time dimension to aggregate over.`,
      { hint: `set agg_time_dimension, or defaults.agg_time_dimension of semantic model '${model.name}'` },
    )
  }
  const nonAdditive = params.non_additive_dimension
  return {
    ...common(metric),
    type: 'simple',
    model,
    agg: params.agg,
    aggParams: params.agg_params ?? {},
    expr: metric.type_params.expr || metric.name,
    aggTime,
    aggTimeGrain,
    nonAdditive: nonAdditive
      ? {
          dimension: nonAdditive.name,
          choice: nonAdditive.window_choice === 'max' ? 'max' : 'min',
          groupings: nonAdditive.window_groupings ?? [],
        }
      : undefined,
    joinToTimeSpine: metric.type_params.join_to_timespine ?? false,
    fillNullsWith: metric.type_params.fill_nulls_with ?? undefined,
  }
}

function common(metric: Metric) {
  return {
    name: metric.name,
    metric,
    filters: templatesOf(metric.filter),
    timeGranularity: standardGrainOf(metric, 'time_granularity', metric.time_granularity),
  }
}

function templatesOf(filter: WhereFilterIntersection | null | undefined): readonly string[] {
  return (filter?.where_filters ?? []).map((where) => where.where_sql_template)
}

function inputOf(input: MetricInput): MetricInputDefinition {
  const grain = input.offset_to_grain?.toLowerCase()
  if (grain !== undefined && !isTimeGranularity(grain)) {
    fail(
      'semantic',
      'offset-grain-unknown',
      `offset_to_grain '${grain}' of input metric '${input.name}' is not a standard grain.`,
    )
  }
  return {
    name: input.name,
    alias: input.alias || input.name,
    filters: templatesOf(input.filter),
    offsetWindow: windowOf(input.offset_window),
    offsetToGrain: grain,
  }
}

function windowOf(window: TimeWindow | null | undefined): Window | undefined {
  return window ? { count: window.count, granularity: window.granularity.toLowerCase() } : undefined
}

function standardGrainOf(metric: Metric, field: string, grain: string | null | undefined): TimeGranularity | undefined {
  if (!grain) return undefined
  const lower = grain.toLowerCase()
  if (!isTimeGranularity(lower)) {
    fail('semantic', 'metric-grain-unknown', `${field} '${grain}' of metric '${metric.name}' is not a standard grain.`)
  }
  return lower
}

function required<T>(metric: Metric, field: string, value: T | null | undefined): T {
  if (value === null || value === undefined || value === '') {
    fail('semantic', 'metric-incomplete', `The ${metric.type} metric '${metric.name}' lacks ${field}.`)
  }
  return value
}

import type {
  Measure,
  Metric,
  MetricInputMeasure,
  WhereFilterIntersection,
} from '../../../manifest/semantic-manifest.js'
import { measureIndex } from './proxy-metrics.js'
import { mapMetrics, type TransformRule } from './rule.js'

/**
 * A simple metric takes over what its measure says (aggregation, expression, time dimension) and what it asks of the
 * measure (filter, fill, time spine): afterwards the engine needs no measures.
 */
export const flattenMeasures: TransformRule = (manifest) => {
  const measures = measureIndex(manifest)
  return mapMetrics(manifest, (metric) => {
    const input = metric.type_params.measure
    if (metric.type !== 'simple' || !input || metric.type_params.metric_aggregation_params) return metric
    const found = measures.get(input.name)
    return found === undefined ? metric : metricOfMeasure(metric, found.measure, found.model, input)
  })
}

/** `metric` with the properties of `measure` (of semantic model `model`) and of the way it is used. */
export function metricOfMeasure(metric: Metric, measure: Measure, model: string, input: MetricInputMeasure): Metric {
  const filters = [...(input.filter?.where_filters ?? []), ...(metric.filter?.where_filters ?? [])]
  const filter: WhereFilterIntersection | null = filters.length > 0 ? { where_filters: filters } : null
  return {
    ...metric,
    filter,
    type_params: {
      ...metric.type_params,
      fill_nulls_with: input.fill_nulls_with ?? metric.type_params.fill_nulls_with ?? null,
      join_to_timespine: input.join_to_timespine || (metric.type_params.join_to_timespine ?? false),
      // The expression is always the measure's: dbt lets a metric state one, and never used it.
      expr: measure.expr || measure.name,
      metric_aggregation_params: {
        semantic_model: model,
        agg: measure.agg,
        agg_params: measure.agg_params ?? null,
        agg_time_dimension: measure.agg_time_dimension ?? null,
        non_additive_dimension: measure.non_additive_dimension ?? null,
      },
    },
  }
}

import { fail } from '../../../core/diagnostic.js'
import type { AggregationParams } from '../../../manifest/semantic-manifest.js'
import { mapMetrics, mapModels, type TransformRule } from './rule.js'

/** `median` measures become the 0.5 percentile. */
export const medianMeasures: TransformRule = (manifest) =>
  mapModels(manifest, (model) => ({
    ...model,
    measures: model.measures.map((measure) =>
      measure.agg === 'median'
        ? { ...measure, agg: 'percentile', agg_params: medianParams('Measure', measure.name, measure.agg_params) }
        : measure,
    ),
  }))

/** The same for simple metrics that stand without a measure. */
export const medianMetrics: TransformRule = (manifest) =>
  mapMetrics(manifest, (metric) => {
    const params = metric.type_params.metric_aggregation_params
    if (metric.type !== 'simple' || params?.agg !== 'median') return metric
    return {
      ...metric,
      type_params: {
        ...metric.type_params,
        metric_aggregation_params: {
          ...params,
          agg: 'percentile',
          agg_params: medianParams('Metric', metric.name, params.agg_params),
        },
      },
    }
  })

function medianParams(kind: string, name: string, params: AggregationParams | null | undefined): AggregationParams {
  const percentile = params?.percentile
  if (percentile !== null && percentile !== undefined && percentile !== 0.5) {
    fail('semantic', 'median-percentile', `${kind} '${name}' is a median, but its percentile is ${percentile}.`, {
      hint: "remove the percentile, or use 'agg: percentile'",
    })
  }
  if (params?.use_discrete_percentile) {
    fail('semantic', 'median-discrete', `${kind} '${name}' is a median, which is never discrete.`, {
      hint: "remove use_discrete_percentile, or use 'agg: percentile'",
    })
  }
  return { use_discrete_percentile: false, use_approximate_percentile: false, ...params, percentile: 0.5 }
}

import { mapMetrics, mapModels, type TransformRule } from './rule.js'

/** `sum_boolean` measures become sums of 1 and 0. */
export const booleanMeasures: TransformRule = (manifest) =>
  mapModels(manifest, (model) => ({
    ...model,
    measures: model.measures.map((measure) =>
      measure.agg === 'sum_boolean' ? { ...measure, agg: 'sum', expr: oneIf(measure.expr || measure.name) } : measure,
    ),
  }))

/** The same for simple metrics that stand without a measure. */
export const booleanMetrics: TransformRule = (manifest) =>
  mapMetrics(manifest, (metric) => {
    const params = metric.type_params.metric_aggregation_params
    if (metric.type !== 'simple' || params?.agg !== 'sum_boolean') return metric
    return {
      ...metric,
      type_params: {
        ...metric.type_params,
        expr: oneIf(metric.type_params.expr || metric.name),
        metric_aggregation_params: { ...params, agg: 'sum' },
      },
    }
  })

function oneIf(condition: string): string {
  return `CASE WHEN ${condition} THEN 1 ELSE 0 END`
}

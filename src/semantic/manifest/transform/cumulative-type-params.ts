import { mapMetrics, type TransformRule } from './rule.js'

/** Every cumulative metric has `cumulative_type_params`; the older window and grain_to_date move there. */
export const cumulativeTypeParams: TransformRule = (manifest) =>
  mapMetrics(manifest, (metric) => {
    if (metric.type !== 'cumulative') return metric
    const params = metric.type_params.cumulative_type_params
    return {
      ...metric,
      type_params: {
        ...metric.type_params,
        cumulative_type_params: {
          ...params,
          window: params?.window ?? metric.type_params.window ?? null,
          grain_to_date: params?.grain_to_date ?? metric.type_params.grain_to_date ?? null,
          period_agg: params?.period_agg ?? 'first',
        },
      },
    }
  })

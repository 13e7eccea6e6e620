import type { Metric, MetricInput, MetricTypeParams, TimeWindow } from '../../../manifest/semantic-manifest.js'
import { isTimeGranularity } from '../../../sql/granularity.js'
import { mapMetrics, type TransformRule } from './rule.js'

/** `7 days` has the granularity `day`: a trailing s goes where what is left is a known grain. */
export const singularWindows: TransformRule = (manifest) => {
  const custom = new Set(
    manifest.project_configuration.time_spines.flatMap((spine) =>
      spine.custom_granularities.map((grain) => grain.name.toLowerCase()),
    ),
  )
  const singular = (window: TimeWindow | null | undefined): TimeWindow | null => {
    if (!window) return null
    const word = window.granularity.toLowerCase()
    const stem = word.slice(0, -1)
    return word.endsWith('s') && (isTimeGranularity(stem) || custom.has(stem))
      ? { ...window, granularity: stem }
      : window
  }
  return mapMetrics(manifest, (metric) => ({ ...metric, type_params: singularParams(metric, singular) }))
}

type Singular = (window: TimeWindow | null | undefined) => TimeWindow | null

function singularParams({ type, type_params: params }: Metric, singular: Singular): MetricTypeParams {
  const input = (value: MetricInput): MetricInput =>
    value.offset_window ? { ...value, offset_window: singular(value.offset_window) } : value
  switch (type) {
    case 'cumulative': {
      const cumulative = params.cumulative_type_params
      if (!cumulative?.window) return params
      return { ...params, cumulative_type_params: { ...cumulative, window: singular(cumulative.window) } }
    }
    case 'conversion': {
      const conversion = params.conversion_type_params
      if (!conversion?.window) return params
      return { ...params, conversion_type_params: { ...conversion, window: singular(conversion.window) } }
    }
    case 'derived':
      return { ...params, metrics: (params.metrics ?? []).map(input) }
    case 'ratio':
      return {
        ...params,
        numerator: params.numerator ? input(params.numerator) : null,
        denominator: params.denominator ? input(params.denominator) : null,
      }
    case 'simple':
      return params
  }
}

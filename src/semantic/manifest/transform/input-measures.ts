import { fail } from '../../../core/diagnostic.js'
import type { Metric, MetricInputMeasure, SemanticManifest } from '../../../manifest/semantic-manifest.js'
import { mapMetrics, type TransformRule } from './rule.js'

/** Fills `input_measures` of every metric with the measures it comes down to. */
export const inputMeasures: TransformRule = (manifest) => {
  const byName = new Map(manifest.metrics.map((metric) => [metric.name, metric]))
  return mapMetrics(manifest, (metric) => {
    if ((metric.type_params.input_measures ?? []).length > 0) return metric
    return { ...metric, type_params: { ...metric.type_params, input_measures: measuresOf(metric, byName, []) } }
  })
}

function measuresOf(
  metric: Metric,
  byName: ReadonlyMap<string, Metric>,
  path: readonly string[],
): readonly MetricInputMeasure[] {
  if (path.includes(metric.name)) {
    fail('semantic', 'metric-cycle', `Metrics are defined in a circle: ${[...path, metric.name].join(' -> ')}.`)
  }
  const found = new Map<string, MetricInputMeasure>()
  const add = (measure: MetricInputMeasure | null | undefined): void => {
    if (measure) found.set(JSON.stringify(measure), measure)
  }
  if (metric.type === 'conversion') {
    add(metric.type_params.conversion_type_params?.base_measure)
    add(metric.type_params.conversion_type_params?.conversion_measure)
  } else if (metric.type === 'simple' || metric.type === 'cumulative') {
    add(metric.type_params.measure)
  } else {
    for (const input of inputMetricsOf(metric)) {
      const target = byName.get(input.name)
      if (target === undefined) {
        fail(
          'semantic',
          'metric-not-found',
          `Metric '${metric.name}' uses metric '${input.name}', which does not exist.`,
        )
      }
      for (const measure of measuresOf(target, byName, [...path, metric.name])) add(measure)
    }
  }
  return [...found.values()]
}

/** The metrics a ratio or derived metric is computed from, in order. */
export function inputMetricsOf(
  metric: SemanticManifest['metrics'][number],
): readonly NonNullable<Metric['type_params']['metrics']>[number][] {
  if (metric.type === 'derived') return metric.type_params.metrics ?? []
  if (metric.type !== 'ratio') return []
  return [metric.type_params.numerator, metric.type_params.denominator].filter((input) => input != null)
}

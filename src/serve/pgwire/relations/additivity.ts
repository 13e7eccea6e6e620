import type { Manifest } from '../../../manifest/index.js'
import type { Metric } from '../../../manifest/semantic-manifest.js'
import { semanticsOf } from './semantics.js'

/**
 * How values of a metric over small groups make its value over their union: by adding, by the smallest or largest, or
 * not at all (null: averages, ratios, distinct counts, running totals).
 */
export type Additivity = 'sum' | 'min' | 'max' | null

export interface MetricFacts {
  readonly additivity: Additivity
  /** The SQL aggregates that say the same as the metric's own definition: `sum`, `count` ... */
  readonly sameAs: ReadonlySet<string>
  /** Semantic models that its inputs come from. */
  readonly models: ReadonlySet<string>
}

interface MeasureFacts {
  readonly agg: string
  readonly model: string
  readonly semiAdditive: boolean
}

const BY_AGGREGATION: Readonly<
  Record<string, { readonly additivity: Additivity; readonly sameAs: readonly string[] }>
> = {
  sum: { additivity: 'sum', sameAs: ['sum'] },
  sum_boolean: { additivity: 'sum', sameAs: ['sum', 'count'] },
  count: { additivity: 'sum', sameAs: ['count', 'sum'] },
  min: { additivity: 'min', sameAs: ['min'] },
  max: { additivity: 'max', sameAs: ['max'] },
  average: { additivity: null, sameAs: ['avg'] },
  count_distinct: { additivity: null, sameAs: ['count distinct', 'approx_count_distinct'] },
  median: { additivity: null, sameAs: ['median'] },
  percentile: { additivity: null, sameAs: [] },
}

/** What can be done with each metric's values, by name. */
export function metricFacts(manifest: Manifest): ReadonlyMap<string, MetricFacts> {
  const measures = new Map<string, MeasureFacts>()
  const semantics = semanticsOf(manifest)
  for (const model of semantics.models) {
    for (const measure of model.measures ?? []) {
      const semiAdditive = measure.non_additive_dimension !== null && measure.non_additive_dimension !== undefined
      measures.set(measure.name, { agg: measure.agg, model: model.name, semiAdditive })
    }
  }
  const metrics = new Map(semantics.metrics.map((metric) => [metric.name, metric]))
  return new Map([...metrics.values()].map((metric) => [metric.name, factsOf(metric, metrics, measures)]))
}

function factsOf(
  metric: Metric,
  metrics: ReadonlyMap<string, Metric>,
  measures: ReadonlyMap<string, MeasureFacts>,
): MetricFacts {
  const inputs = inputsOf(metric, metrics, measures, new Set())
  const models = new Set(inputs.map((input) => input.model))
  const [only] = inputs
  const { type_params: params } = metric
  const filled = params.measure?.join_to_timespine === true || (params.measure?.fill_nulls_with ?? null) !== null
  if (metric.type !== 'simple' || only === undefined || only.semiAdditive) {
    return { additivity: null, sameAs: new Set(), models }
  }
  const facts = BY_AGGREGATION[only.agg] ?? { additivity: null, sameAs: [] }
  // What is filled in for absent periods would be counted once for every group.
  return { additivity: filled ? null : facts.additivity, sameAs: new Set(facts.sameAs), models }
}

function inputsOf(
  metric: Metric,
  metrics: ReadonlyMap<string, Metric>,
  measures: ReadonlyMap<string, MeasureFacts>,
  seen: Set<string>,
): MeasureFacts[] {
  if (seen.has(metric.name)) return []
  seen.add(metric.name)
  const { type_params: params } = metric
  const own = params.metric_aggregation_params
  if (own !== null && own !== undefined) {
    return [{ agg: own.agg, model: own.semantic_model, semiAdditive: (own.non_additive_dimension ?? null) !== null }]
  }
  const conversion = params.conversion_type_params
  const measureNames = [
    params.measure?.name,
    ...(params.input_measures ?? []).map((input) => input.name),
    conversion?.base_measure?.name,
    conversion?.conversion_measure?.name,
  ]
  const found = new Set(measureNames.flatMap((name) => (name === undefined ? [] : (measures.get(name) ?? []))))
  if (found.size > 0) return [...found]
  const metricNames = [
    params.numerator?.name,
    params.denominator?.name,
    ...(params.metrics ?? []).map((input) => input.name),
    params.cumulative_type_params?.metric?.name,
    conversion?.base_metric?.name,
    conversion?.conversion_metric?.name,
  ]
  return metricNames.flatMap((name) => {
    const input = name === undefined ? undefined : metrics.get(name)
    return input === undefined ? [] : inputsOf(input, metrics, measures, seen)
  })
}

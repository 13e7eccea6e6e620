import type {
  ConversionTypeParams,
  Measure,
  Metric,
  MetricInput,
  MetricInputMeasure,
  SemanticManifest,
} from '../../../manifest/semantic-manifest.js'
import { metricOfMeasure } from './flatten-measures.js'
import { measureIndex } from './proxy-metrics.js'
import type { TransformRule } from './rule.js'

/**
 * Cumulative and conversion metrics are computed from simple metrics: where they name a measure, the simple metric
 * that is just that measure is found, or made (`is_private`, named after the measure and how it is filled).
 */
export const replaceMeasures: TransformRule = (manifest) => {
  const finder = new SimpleMetricFinder(manifest)
  const metrics = manifest.metrics.map((metric) => {
    if (metric.type === 'cumulative') return withInputMetric(metric, finder)
    if (metric.type === 'conversion') return withConversionMetrics(metric, finder)
    return metric
  })
  return { ...manifest, metrics: [...metrics, ...finder.created] }
}

function withInputMetric(metric: Metric, finder: SimpleMetricFinder): Metric {
  const params = metric.type_params.cumulative_type_params
  const input = params?.metric ? undefined : finder.inputFor(metric.type_params.measure)
  if (input === undefined) return metric
  return { ...metric, type_params: { ...metric.type_params, cumulative_type_params: { ...params, metric: input } } }
}

function withConversionMetrics(metric: Metric, finder: SimpleMetricFinder): Metric {
  const params = metric.type_params.conversion_type_params
  if (!params) return metric
  const conversion: ConversionTypeParams = {
    ...params,
    base_metric: params.base_metric ?? finder.inputFor(params.base_measure) ?? null,
    conversion_metric: params.conversion_metric ?? finder.inputFor(params.conversion_measure) ?? null,
  }
  return { ...metric, type_params: { ...metric.type_params, conversion_type_params: conversion } }
}

/** Finds or makes the simple metric for a use of a measure; the same one for the same use. */
class SimpleMetricFinder {
  readonly created: Metric[] = []
  readonly #measures: ReturnType<typeof measureIndex>
  readonly #names: Set<string>
  readonly #byUse = new Map<string, string>()
  /** Plain simple metrics (no filter, no grain of their own) by what they aggregate. */
  readonly #plain = new Map<string, string>()

  constructor(manifest: SemanticManifest) {
    this.#measures = measureIndex(manifest)
    this.#names = new Set(manifest.metrics.map((metric) => metric.name))
    for (const metric of manifest.metrics) {
      if (metric.type !== 'simple' || metric.filter || metric.time_granularity) continue
      if (metric.type_params.window || metric.type_params.grain_to_date) continue
      const measure = metric.type_params.measure
      if (measure?.filter) continue
      for (const name of measure ? [measure.name] : ['']) {
        const key = plainKey(name, metric)
        if (!this.#plain.has(key)) this.#plain.set(key, metric.name)
      }
    }
  }

  /** The metric input that stands for `input`; its filter stays with the input. */
  inputFor(input: MetricInputMeasure | null | undefined): MetricInput | undefined {
    const found = input ? this.#measures.get(input.name) : undefined
    if (!input || found === undefined) return undefined
    return {
      name: this.#nameFor(input, found.measure, found.model),
      filter: input.filter ?? null,
      alias: input.alias ?? null,
    }
  }

  #nameFor(input: MetricInputMeasure, measure: Measure, model: string): string {
    const use = JSON.stringify([input.name, input.fill_nulls_with ?? null, input.join_to_timespine ?? false])
    const known = this.#byUse.get(use)
    if (known !== undefined) return known
    const built = metricOfMeasure(privateMetric(measure), measure, model, { ...input, filter: null })
    const clone = this.#plain.get(plainKey(measure.name, built)) ?? this.#plain.get(plainKey('', built))
    const name = clone ?? this.#freshName(input)
    if (clone === undefined) this.created.push({ ...built, name })
    this.#byUse.set(use, name)
    return name
  }

  #freshName(input: MetricInputMeasure): string {
    const fill = input.fill_nulls_with
    const parts = [input.name]
    if (fill !== null && fill !== undefined) parts.push(`fill_nulls_with_${fill >= 0 ? fill : `neg_${-fill}`}`)
    if (input.join_to_timespine) parts.push('join_to_timespine')
    const base = parts.join('_')
    let name = base
    for (let count = 1; this.#names.has(name); count++) name = `${base}_${count}`
    this.#names.add(name)
    return name
  }
}

function privateMetric(measure: Measure): Metric {
  return {
    name: measure.name,
    type: 'simple',
    type_params: { is_private: true },
    description: measure.description ?? null,
    label: measure.label ?? null,
    config: measure.config ?? null,
    metadata: measure.metadata ?? null,
    filter: null,
  }
}

function plainKey(measureName: string, metric: Metric): string {
  const { metric_aggregation_params: params, expr, fill_nulls_with: fill, join_to_timespine: join } = metric.type_params
  return JSON.stringify([
    measureName,
    params?.semantic_model,
    params?.agg,
    params?.agg_params ?? null,
    params?.agg_time_dimension ?? null,
    params?.non_additive_dimension ?? null,
    expr ?? null,
    fill ?? null,
    join ?? false,
  ])
}

import { fail } from '../../../core/diagnostic.js'
import type { Measure, Metric, SemanticManifest } from '../../../manifest/semantic-manifest.js'
import type { TransformRule } from './rule.js'

/** `create_metric: true` on a measure makes a simple metric of the same name, unless one is there. */
export const proxyMetrics: TransformRule = (manifest) => {
  const created: Metric[] = []
  const byName = new Map(manifest.metrics.map((metric) => [metric.name, metric]))
  for (const model of manifest.semantic_models) {
    for (const measure of model.measures) {
      if (!measure.create_metric) continue
      const existing = byName.get(measure.name)
      if (existing === undefined) created.push(proxyOf(measure))
      else if (existing.type !== 'simple') {
        fail(
          'semantic',
          'proxy-metric-name-taken',
          `The measure '${measure.name}' has create_metric, but a ${existing.type} metric has that name.`,
        )
      }
    }
  }
  return created.length === 0 ? manifest : { ...manifest, metrics: [...manifest.metrics, ...created] }
}

function proxyOf(measure: Measure): Metric {
  const input = { name: measure.name, filter: null, alias: null, join_to_timespine: false, fill_nulls_with: null }
  return {
    name: measure.name,
    description: measure.description ?? null,
    type: 'simple',
    type_params: { measure: input, expr: measure.expr || measure.name, input_measures: [input] },
    filter: null,
    metadata: measure.metadata ?? null,
    label: measure.label ?? null,
    config: measure.config ?? null,
    time_granularity: null,
  }
}

/** The measures by name, with the model each is defined in; the first of two of the same name. */
export function measureIndex(
  manifest: SemanticManifest,
): ReadonlyMap<string, { readonly model: string; readonly measure: Measure }> {
  const index = new Map<string, { model: string; measure: Measure }>()
  for (const model of manifest.semantic_models) {
    for (const measure of model.measures) {
      if (!index.has(measure.name)) index.set(measure.name, { model: model.name, measure })
    }
  }
  return index
}

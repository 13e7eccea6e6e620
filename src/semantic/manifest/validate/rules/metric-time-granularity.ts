import type { Metric, SemanticManifest } from '../../../../manifest/semantic-manifest.js'
import {
  coarserGrain,
  grainRank,
  grainsFrom,
  isTimeGranularity,
  type TimeGranularity,
} from '../../../../sql/granularity.js'
import { indexManifest, type ManifestIndex } from '../metric-inputs.js'
import { error, isSet, ofMetric, type RuleIssue } from '../rule.js'

/** The default granularity of a metric is not finer than the times it is aggregated over. */
export function* metricTimeGranularity(manifest: SemanticManifest): Iterable<RuleIssue> {
  const index = indexManifest(manifest)
  for (const metric of manifest.metrics) {
    const wanted = metric.time_granularity
    if (!wanted) continue
    const coarsest = coarsestTime(metric, index, new Set())
    if (coarsest === undefined) {
      yield error(
        `time_granularity is '${wanted}', but it is unknown over which times the metric is aggregated.`,
        ofMetric(metric),
      )
    } else if (!isTimeGranularity(wanted) || grainRank(wanted) < grainRank(coarsest)) {
      yield error(
        `time_granularity is '${wanted}', but the metric is aggregated over a time of granularity '${coarsest}'.`,
        ofMetric(metric),
        `it can be ${grainsFrom(coarsest).join(', ')}`,
      )
    }
  }
}

/** The coarsest of the times that a metric's inputs are aggregated over; undefined if one of them is unknown. */
function coarsestTime(metric: Metric, index: ManifestIndex, seen: ReadonlySet<string>): TimeGranularity | undefined {
  if (seen.has(metric.name)) return undefined
  const inner = new Set(seen).add(metric.name)
  const grains: (TimeGranularity | undefined)[] = []
  const params = metric.type_params
  const measures = [
    params.measure,
    params.conversion_type_params?.base_measure,
    params.conversion_type_params?.conversion_measure,
  ]
  for (const measure of measures) if (isSet(measure)) grains.push(timeOfMeasure(measure.name, index))
  if (isSet(params.metric_aggregation_params) && grains.length === 0) {
    const { semantic_model, agg_time_dimension } = params.metric_aggregation_params
    grains.push(timeOf(semantic_model, agg_time_dimension, index))
  }
  const inputs = [
    ...(params.metrics ?? []),
    params.numerator,
    params.denominator,
    params.cumulative_type_params?.metric,
    params.conversion_type_params?.base_metric,
    params.conversion_type_params?.conversion_metric,
  ]
  for (const input of inputs) {
    if (!isSet(input)) continue
    const definition = index.metrics.get(input.name)
    grains.push(definition && coarsestTime(definition, index, inner))
  }
  if (grains.length === 0 || grains.includes(undefined)) return undefined
  return (grains as TimeGranularity[]).reduce(coarserGrain)
}

function timeOfMeasure(name: string, index: ManifestIndex): TimeGranularity | undefined {
  const model = index.modelOfMeasure.get(name)
  const measure = model?.measures.find((candidate) => candidate.name === name)
  return model && timeOf(model.name, measure?.agg_time_dimension, index)
}

function timeOf(modelName: string, own: string | null | undefined, index: ManifestIndex): TimeGranularity | undefined {
  const model = index.models.get(modelName)
  const name = own || model?.defaults?.agg_time_dimension
  const dimension = model?.dimensions.find((candidate) => candidate.name === name)
  if (dimension === undefined) return undefined
  const grain = dimension.type_params?.time_granularity ?? 'day'
  return isTimeGranularity(grain) ? grain : undefined
}

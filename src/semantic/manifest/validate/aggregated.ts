import type { SemanticManifest, SemanticModel } from '../../../manifest/semantic-manifest.js'
import type { Aggregated } from './aggregation-checks.js'
import { ofMetric, ofModel } from './rule.js'

export function measuresOf({ semantic_models }: SemanticManifest): Aggregated[] {
  return semantic_models.flatMap((model) =>
    model.measures.map((measure) => ({
      what: `measure '${measure.name}'`,
      subject: ofModel(model),
      agg: measure.agg,
      expr: measure.expr,
      params: measure.agg_params,
      model,
      aggTime: measure.agg_time_dimension || model.defaults?.agg_time_dimension,
      nonAdditive: measure.non_additive_dimension,
    })),
  )
}

/** Simple metrics that aggregate by themselves; what is asked of their model needs one that exists. */
export function simpleMetricsOf({ metrics, semantic_models }: SemanticManifest): Aggregated[] {
  const models = new Map(semantic_models.map((model) => [model.name, model]))
  return metrics.flatMap((metric) => {
    const params = metric.type === 'simple' ? metric.type_params.metric_aggregation_params : undefined
    if (!params) return []
    const model = models.get(params.semantic_model)
    return [
      {
        what: `metric '${metric.name}'`,
        subject: ofMetric(metric),
        agg: params.agg,
        expr: metric.type_params.expr,
        params: params.agg_params,
        model: model ?? unknownModel(params.semantic_model),
        aggTime: params.agg_time_dimension || model?.defaults?.agg_time_dimension,
        nonAdditive: model === undefined ? undefined : params.non_additive_dimension,
      },
    ]
  })
}

function unknownModel(name: string): SemanticModel {
  const relation = { alias: name, schema_name: '', relation_name: name }
  return { name, node_relation: relation, entities: [], measures: [], dimensions: [] }
}

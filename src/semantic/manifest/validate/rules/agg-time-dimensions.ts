import type { SemanticManifest, SemanticModel } from '../../../../manifest/semantic-manifest.js'
import { error, listNames, ofModel, type RuleIssue } from '../rule.js'

/** Every measure aggregates over a time dimension of its semantic model. */
export function* aggTimeDimensions({ semantic_models }: SemanticManifest): Iterable<RuleIssue> {
  for (const model of semantic_models) yield* checkModel(model)
}

function* checkModel(model: SemanticModel): Iterable<RuleIssue> {
  const fallback = model.defaults?.agg_time_dimension
  const unset = model.measures.filter((measure) => !measure.agg_time_dimension && !fallback)
  if (unset.length > 0) {
    yield error(
      `Measures ${listNames(unset.map((measure) => measure.name))} have no time dimension to aggregate over.`,
      ofModel(model),
      'set agg_time_dimension on the measures, or defaults.agg_time_dimension on the semantic model',
    )
    return
  }
  const times = new Set(model.dimensions.filter((d) => d.type === 'time').map((dimension) => dimension.name))
  for (const measure of model.measures) {
    const time = measure.agg_time_dimension || fallback || ''
    if (times.has(time)) continue
    yield error(
      `Measure '${measure.name}' aggregates over '${time}', which is not a time dimension of the semantic model.`,
      ofModel(model),
      times.size > 0 ? `its time dimensions are ${listNames(times)}` : undefined,
    )
  }
}

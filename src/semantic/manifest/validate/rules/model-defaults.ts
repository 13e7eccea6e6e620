import type { SemanticManifest } from '../../../../manifest/semantic-manifest.js'
import { error, isSet, ofModel, type RuleIssue } from '../rule.js'

/** The default time dimension of a semantic model is one of its time dimensions. */
export function* modelDefaults({ semantic_models }: SemanticManifest): Iterable<RuleIssue> {
  for (const model of semantic_models) {
    const time = model.defaults?.agg_time_dimension
    if (!isSet(time)) continue
    if (!model.dimensions.some((dimension) => dimension.type === 'time' && dimension.name === time)) {
      yield error(`defaults.agg_time_dimension is '${time}', which is not a time dimension here.`, ofModel(model))
    }
  }
}

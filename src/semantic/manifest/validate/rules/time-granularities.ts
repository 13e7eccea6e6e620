import type { SemanticManifest } from '../../../../manifest/semantic-manifest.js'
import { isSet, ofModel, type RuleIssue } from '../rule.js'

/** Every time dimension says how fine it is. */
export function* timeGranularities({ semantic_models }: SemanticManifest): Iterable<RuleIssue> {
  for (const model of semantic_models) {
    for (const dimension of model.dimensions) {
      if (dimension.type !== 'time' || isSet(dimension.type_params?.time_granularity)) continue
      yield {
        level: 'future-error',
        message: `The time dimension '${dimension.name}' has no time granularity, so day is taken.`,
        subject: ofModel(model),
        hint: 'set type_params.time_granularity',
      }
    }
  }
}

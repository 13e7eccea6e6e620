import type { SemanticManifest } from '../../../../manifest/semantic-manifest.js'
import { error, isSet, listNames, ofModel, type RuleIssue } from '../rule.js'

/** A natural entity names the things whose rows are valid for a time; a semantic model has one at most. */
export function* naturalEntities({ semantic_models }: SemanticManifest): Iterable<RuleIssue> {
  for (const model of semantic_models) {
    const names = new Set(model.entities.filter((entity) => entity.type === 'natural').map((entity) => entity.name))
    if (names.size > 1) {
      yield error(`A semantic model can have one natural entity only, not ${listNames(names)}.`, ofModel(model))
    }
    const hasWindow = model.dimensions.some((dimension) => isSet(dimension.type_params?.validity_params))
    if (names.size > 0 && !hasWindow) {
      yield error(
        `The natural entity ${listNames(names)} needs dimensions that say from when to when a row is valid.`,
        ofModel(model),
        'set validity_params on two time dimensions, is_start on one and is_end on the other',
      )
    }
  }
}

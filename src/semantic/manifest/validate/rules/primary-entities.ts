import type { SemanticManifest, SemanticModel } from '../../../../manifest/semantic-manifest.js'
import { error, isSet, listNames, ofModel, type RuleIssue } from '../rule.js'

/** A semantic model with dimensions has one primary entity, which they are named after in queries. */
export function* primaryEntities({ semantic_models }: SemanticManifest): Iterable<RuleIssue> {
  for (const model of semantic_models) {
    const issue = checkModel(model)
    if (issue !== undefined) yield issue
  }
}

function checkModel(model: SemanticModel): RuleIssue | undefined {
  const primaries = model.entities.filter((entity) => entity.type === 'primary').map((entity) => entity.name)
  const [primary] = primaries
  if (primaries.length > 1) {
    return error(`A semantic model can have one primary entity only, not ${listNames(primaries)}.`, ofModel(model))
  }
  if (primary !== undefined && isSet(model.primary_entity)) {
    return error(
      `The primary entity is '${primary}', but primary_entity says '${model.primary_entity}'.`,
      ofModel(model),
      'leave primary_entity out: it is for tables without a column for the entity',
    )
  }
  if (primary === undefined && !isSet(model.primary_entity) && model.dimensions.length > 0) {
    return error(
      'The semantic model has dimensions, but no primary entity.',
      ofModel(model),
      'give one of its entities the type primary, or set primary_entity',
    )
  }
  return undefined
}

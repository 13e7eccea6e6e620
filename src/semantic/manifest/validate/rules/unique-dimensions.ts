import type { SemanticManifest } from '../../../../manifest/semantic-manifest.js'
import { error, ofModel, type RuleIssue } from '../rule.js'

/** `entity__dimension` stands for one column: two models of the same primary entity have no dimension in common. */
export function* uniqueDimensions({ semantic_models }: SemanticManifest): Iterable<RuleIssue> {
  const first = new Map<string, string>()
  const seen = new Set<string>()
  for (const model of semantic_models) {
    const primary = model.primary_entity ?? model.entities.find((entity) => entity.type === 'primary')?.name
    if (primary === undefined) continue
    // Names twice in one model are another rule's concern, where the model is the first of its entity.
    const isFirst = !seen.has(primary)
    seen.add(primary)
    for (const { name } of model.dimensions) {
      const key = `${primary}__${name}`
      const known = first.get(key)
      if (isFirst || known === undefined) first.set(key, model.name)
      else yield error(`The dimension '${key}' is already one of semantic model '${known}'.`, ofModel(model))
    }
  }
}

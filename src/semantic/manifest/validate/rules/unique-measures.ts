import type { SemanticManifest } from '../../../../manifest/semantic-manifest.js'
import { error, ofModel, type RuleIssue } from '../rule.js'

/** A measure's name is unique over all semantic models. */
export function* uniqueMeasures({ semantic_models }: SemanticManifest): Iterable<RuleIssue> {
  const first = new Map<string, string>()
  for (const model of semantic_models) {
    for (const { name } of model.measures) {
      const known = first.get(name)
      if (known === undefined) first.set(name, model.name)
      else yield error(`Measure '${name}' is already one of semantic model '${known}'.`, ofModel(model))
    }
  }
}

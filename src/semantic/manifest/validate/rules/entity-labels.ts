import type { SemanticManifest } from '../../../../manifest/semantic-manifest.js'
import { error, isSet, ofModel, type RuleIssue } from '../rule.js'

/** An entity that has labels has the same in all semantic models. */
export function* entityLabels({ semantic_models }: SemanticManifest): Iterable<RuleIssue> {
  const first = new Map<string, { readonly label: string; readonly model: string }>()
  for (const model of semantic_models) {
    for (const { name, label } of model.entities) {
      if (!isSet(label)) continue
      const known = first.get(name)
      if (known === undefined) first.set(name, { label, model: model.name })
      else if (known.label !== label) {
        yield error(
          `Entity '${name}' has the label '${label}' here, but '${known.label}' in semantic model '${known.model}'.`,
          ofModel(model),
        )
      }
    }
  }
}

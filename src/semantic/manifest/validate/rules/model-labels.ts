import type { SemanticManifest } from '../../../../manifest/semantic-manifest.js'
import { error, isSet, ofModel, type RuleIssue } from '../rule.js'

/** Labels of semantic models are unique, and within a model those of its dimensions, entities and measures. */
export function* modelLabels({ semantic_models }: SemanticManifest): Iterable<RuleIssue> {
  const first = new Map<string, string>()
  for (const model of semantic_models) {
    if (isSet(model.label)) {
      const known = first.get(model.label)
      if (known === undefined) first.set(model.label, model.name)
      else yield error(`The label '${model.label}' is already that of semantic model '${known}'.`, ofModel(model))
    }
    const elements = { dimensions: model.dimensions, entities: model.entities, measures: model.measures }
    for (const [plural, list] of Object.entries(elements)) {
      for (const [label, count] of countLabels(list)) {
        if (count > 1) yield error(`The label '${label}' is that of ${count} ${plural}.`, ofModel(model))
      }
    }
  }
}

function countLabels(elements: readonly { readonly label?: string | null }[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>()
  for (const { label } of elements) if (isSet(label)) counts.set(label, (counts.get(label) ?? 0) + 1)
  return counts
}

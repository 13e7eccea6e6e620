import type { SemanticManifest } from '../../../../manifest/semantic-manifest.js'
import { ofModel, type RuleIssue, warning } from '../rule.js'

/** An entity that only one semantic model has joins nothing. */
export function* sharedEntities({ semantic_models }: SemanticManifest): Iterable<RuleIssue> {
  const models = new Map<string, Set<string>>()
  for (const model of semantic_models) {
    for (const { name } of model.entities) models.set(name, (models.get(name) ?? new Set()).add(model.name))
  }
  for (const model of semantic_models) {
    for (const { name } of model.entities) {
      if (models.get(name)?.size === 1) {
        yield warning(`No other semantic model has the entity '${name}', so nothing is joined by it.`, ofModel(model))
      }
    }
  }
}

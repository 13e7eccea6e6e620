import type { SemanticManifest } from '../../../../manifest/semantic-manifest.js'
import { checkName } from '../names.js'
import { error, listNames, ofMetric, ofModel, ofSavedQuery, type RuleIssue } from '../rule.js'

/** Names are well formed, and unique among what they could be mistaken for. */
export function* uniqueNames(manifest: SemanticManifest): Iterable<RuleIssue> {
  yield* checkTop(manifest.semantic_models, 'semantic model', ofModel)
  yield* checkTop(manifest.metrics, 'metric', ofMetric)
  yield* checkTop(manifest.saved_queries, 'saved query', ofSavedQuery)
  yield* checkElements(manifest)
  yield* checkCustomGrains(manifest)
}

function* checkTop<T extends { readonly name: string }>(
  objects: readonly T[],
  type: string,
  subject: (object: T) => string,
): Iterable<RuleIssue> {
  const seen = new Set<string>()
  for (const object of objects) {
    yield* checkName(object.name, subject(object))
    if (seen.has(object.name)) yield error(`Another ${type} has the name '${object.name}'.`, subject(object))
    seen.add(object.name)
  }
}

function* checkElements({ semantic_models }: SemanticManifest): Iterable<RuleIssue> {
  for (const model of semantic_models) {
    const elements = { measure: model.measures, entity: model.entities, dimension: model.dimensions }
    for (const [type, list] of Object.entries(elements)) {
      const seen = new Set<string>()
      for (const { name } of list) {
        // A dimension may be called like an entity or a measure: what is meant, its place says.
        if (seen.has(name)) yield error(`Another ${type} of the model has the name '${name}'.`, ofModel(model))
        seen.add(name)
        yield* checkName(name, ofModel(model))
      }
    }
  }
}

/** Custom granularities stand at the end of names in queries, so nothing else may be named like them. */
function* checkCustomGrains({
  semantic_models,
  metrics,
  project_configuration,
}: SemanticManifest): Iterable<RuleIssue> {
  const taken = new Map<string, string>()
  for (const model of semantic_models) {
    for (const { name } of model.measures) taken.set(name, 'measure')
    for (const { name } of model.entities) taken.set(name, 'entity')
    for (const { name } of model.dimensions) taken.set(name, 'dimension')
  }
  for (const { name } of metrics) taken.set(name, 'metric')
  for (const { name } of semantic_models) taken.set(name, 'semantic model')
  const seen = new Set<string>()
  const repeated = new Set<string>()
  for (const spine of project_configuration.time_spines) {
    const subject = `time spine ${spine.node_relation.alias}`
    for (const { name } of spine.custom_granularities) {
      yield* checkName(name, subject)
      const type = taken.get(name)
      if (type !== undefined) yield error(`The name '${name}' of a custom granularity is that of a ${type}.`, subject)
      if (seen.has(name)) repeated.add(name)
      seen.add(name)
    }
  }
  if (repeated.size > 0) yield error(`Several custom granularities have the name ${listNames(repeated)}.`)
}

import type { SemanticManifest } from '../../../../manifest/semantic-manifest.js'
import { error, listNames, type RuleIssue } from '../rule.js'

const TYPES = ['dimension', 'entity', 'measure'] as const

/** A name is that of a dimension, of an entity or of a measure, in all semantic models the same. */
export function* elementConsistency({ semantic_models }: SemanticManifest): Iterable<RuleIssue> {
  const uses = new Map<string, Map<(typeof TYPES)[number], string[]>>()
  for (const model of semantic_models) {
    const elements = { dimension: model.dimensions, entity: model.entities, measure: model.measures }
    for (const type of TYPES) {
      for (const { name } of elements[type]) {
        const types = uses.get(name) ?? new Map<(typeof TYPES)[number], string[]>()
        uses.set(name, types.set(type, [...(types.get(type) ?? []), model.name]))
      }
    }
  }
  for (const [name, types] of uses) {
    if (types.size < 2) continue
    for (const type of TYPES) {
      const models = types.get(type)
      if (models === undefined) continue
      const others = TYPES.filter((other) => other !== type && types.has(other))
      yield error(
        `'${name}' is the name of a ${type} in ${listNames(new Set(models))}, and elsewhere of a ${others.join(' and of a ')}.`,
      )
    }
  }
}

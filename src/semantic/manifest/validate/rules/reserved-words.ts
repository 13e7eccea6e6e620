import type { SemanticManifest } from '../../../../manifest/semantic-manifest.js'
import { error, listNames, ofModel, type RuleIssue } from '../rule.js'

/** Reserved in the SQL of every warehouse. */
const RESERVED = new Set(
  (
    'and as create distinct for from full having in inner into is join left like natural not null on or right ' +
    'select union using where with'
  ).split(' '),
)

/** Nothing that becomes a column is named like a word of SQL. */
export function* reservedWords({ semantic_models }: SemanticManifest): Iterable<RuleIssue> {
  for (const model of semantic_models) {
    const parts = model.node_relation.relation_name.toLowerCase().split('.')
    const found = parts.filter((part) => RESERVED.has(part))
    if (found.length > 0) {
      yield error(
        `The table ${model.node_relation.relation_name} is named with ${listNames(found)}, reserved in SQL.`,
        ofModel(model),
      )
    }
    const elements = { dimension: model.dimensions, entity: model.entities, measure: model.measures }
    for (const [type, list] of Object.entries(elements)) {
      for (const { name } of list) {
        if (RESERVED.has(name.toLowerCase())) {
          yield error(`'${name}' cannot be the name of a ${type}: the word is reserved in SQL.`, ofModel(model))
        }
      }
    }
  }
}

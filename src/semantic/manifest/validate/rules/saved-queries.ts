import type { SavedQuery, SemanticManifest } from '../../../../manifest/semantic-manifest.js'
import { METRIC_TIME } from '../../../group-by-item.js'
import { isGrainName, readDunderName } from '../../../query/item-pattern.js'
import { type CallFault, type ObjectCall, readObjectCall } from '../../../query/object-call.js'
import { nearest } from '../../../query/suggestions.js'
import { faultOfCall } from '../filters.js'
import { error, ofSavedQuery, type RuleIssue } from '../rule.js'
import { customGrainsOf } from '../windows.js'

/** Saved queries ask for metrics and dimensions that exist, and order by what they ask for. */
export function* savedQueries(manifest: SemanticManifest): Iterable<RuleIssue> {
  const metrics = new Set(manifest.metrics.map((metric) => metric.name))
  const elements = new Set([...metrics, METRIC_TIME])
  for (const model of manifest.semantic_models) {
    for (const { name } of [...model.dimensions, ...model.entities]) elements.add(name)
  }
  const customGrains = customGrainsOf(manifest)
  const elementOf = (call: ObjectCall): string =>
    readDunderName(call.name, (word) => isGrainName(word, customGrains)).element
  for (const query of manifest.saved_queries) {
    for (const name of query.query_params.metrics) {
      if (!metrics.has(name)) {
        yield error(`There is no metric '${name}'.`, ofSavedQuery(query), nearest(name, [...metrics]))
      }
    }
    for (const text of query.query_params.group_by) {
      const call = readObjectCall(text)
      const fault = 'fault' in call ? call.fault : faultOfCall(call)
      if (fault !== undefined) yield error(`The group_by item '${text}' cannot be read: ${fault}.`, ofSavedQuery(query))
      else if ('name' in call && !elements.has(elementOf(call))) {
        yield error(`Nothing is named like the group_by item '${text}'.`, ofSavedQuery(query))
      }
    }
    yield* checkOrder(query)
    const { limit } = query.query_params
    if (typeof limit === 'number' && limit < 0) yield error(`The limit is ${limit}, less than 0.`, ofSavedQuery(query))
  }
}

function* checkOrder(query: SavedQuery): Iterable<RuleIssue> {
  const { metrics, group_by, order_by } = query.query_params
  if (order_by === undefined || order_by.length === 0) return
  const asked = [...metrics.map((metric) => `Metric('${metric}')`), ...group_by].map((text) => readObjectCall(text))
  const unreadable = asked.filter((call): call is CallFault => 'fault' in call)
  for (const { fault } of unreadable) {
    yield error(`What the query orders by cannot be told from what it asks for: ${fault}.`, ofSavedQuery(query))
  }
  if (unreadable.length > 0) return
  const keys = new Set(asked.map((call) => ('fault' in call ? '' : keyOf(call))))
  for (const text of order_by) {
    const call = readObjectCall(text, true)
    if ('fault' in call) {
      yield error(
        `The order_by item '${text}' cannot be read: ${call.fault}.`,
        ofSavedQuery(query),
        `metrics are written Metric('name') here; .descending(True) comes last`,
      )
    } else if (!keys.has(keyOf(call))) {
      yield error(`The query orders by '${text}', which it does not ask for.`, ofSavedQuery(query))
    }
  }
}

function keyOf({ object, name, entityPath, grain, part, groupBy }: ObjectCall): string {
  return JSON.stringify([object, name, entityPath, grain ?? '', part ?? '', groupBy])
}

import { type DiagnosticBag, fail } from '../../core/diagnostic.js'
import { finerGrain, type TimeGranularity } from '../../sql/granularity.js'
import type { SemanticCatalog } from '../catalog.js'
import { type GroupByItem, isMetricTime } from '../group-by-item.js'
import type { MetricDefinition } from '../metrics/definition.js'
import { applyModifiers } from '../modifiers/index.js'
import type { ModifierContext } from '../modifiers/modifier-kind.js'
import { matchItems } from './item-pattern.js'
import type { MetricModifier } from './metric-query.js'
import type { QueriedItem, QueriedMetric } from './query-spec.js'
import { patternOfRequest } from './requested-pattern.js'

export interface ModifiedMetrics {
  readonly metrics: readonly QueriedMetric[]
  /** Definitions that exist for this query only. */
  readonly definitions: readonly MetricDefinition[]
}

/** A metric as asked for, before its modifiers are applied. */
export interface RequestedMetric {
  readonly definition: MetricDefinition
  readonly alias: string | undefined
  readonly modifiers: readonly MetricModifier[]
}

/** Turns modifiers into metrics of their own. */
export function modifyMetrics(
  requested: readonly RequestedMetric[],
  groupBy: readonly QueriedItem[],
  catalog: SemanticCatalog,
  bag: DiagnosticBag,
): ModifiedMetrics {
  const definitions = new Map<string, MetricDefinition>()
  const items = groupBy.map((queried) => queried.item)
  const context: ModifierContext = {
    periodGrain: periodGrain(items),
    itemNames: (names) => names.flatMap((name) => namesOf(name, items, catalog)),
    metric: (name) => definitions.get(name) ?? catalog.metric(name),
    add: (definition) => {
      definitions.set(definition.name, definition)
      return definition
    },
  }
  const metrics = requested.flatMap(({ definition, alias, modifiers }): QueriedMetric[] => {
    try {
      const modified = applyModifiers(definition, modifiers, context)
      return [{ definition: modified, column: alias ?? modified.name }]
    } catch (error) {
      bag.capture(error)
      return []
    }
  })
  return { metrics, definitions: [...definitions.values()] }
}

function periodGrain(items: readonly GroupByItem[]): TimeGranularity | undefined {
  return items
    .flatMap((item) =>
      item.kind === 'time' && isMetricTime(item) && item.grain?.custom === false ? item.grain.base : [],
    )
    .reduce<TimeGranularity | undefined>((finest, grain) => (finest ? finerGrain(finest, grain) : grain), undefined)
}

function namesOf(name: string, items: readonly GroupByItem[], catalog: SemanticCatalog): string[] {
  const pattern = patternOfRequest(name, catalog)
  const found = 'fault' in pattern ? [] : matchItems(pattern, items)
  if (found.length === 0) {
    fail('semantic', 'modifier-item', `A share within '${name}' needs a query that groups by it.`, {
      hint: `the query is grouped by ${items.map((item) => `'${item.name}'`).join(', ') || 'nothing'}`,
    })
  }
  return found.map((item) => item.name)
}

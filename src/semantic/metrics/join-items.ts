import { fail } from '../../core/diagnostic.js'
import type { TimeGranularity } from '../../sql/granularity.js'
import { chainKey, joinEntities, type MetricTarget, type ModelTarget } from '../dataflow/nodes/join-entities.js'
import type { DataflowNode } from '../dataflow/plan.js'
import type { ModelNode } from '../graph/model-node.js'
import { entityItem, type GroupByItem, hasCustomGrain, isMetricTime, type MetricItem } from '../group-by-item.js'
import type { Planner } from './metric-kind.js'

/** Joins to rows of `model` the models in which items are defined, and the metrics that filters ask for. */
export function joinItems(
  input: DataflowNode,
  model: ModelNode,
  timeGrain: TimeGranularity | undefined,
  items: readonly GroupByItem[],
  planner: Planner,
  type: 'LEFT OUTER' | 'FULL OUTER' = 'LEFT OUTER',
): DataflowNode {
  const targets = new Map<string, { joins: ModelTarget['joins']; items: GroupByItem[] }>()
  const metrics: MetricTarget[] = []
  for (const item of items) {
    if (item.kind === 'metric') {
      metrics.push(metricTarget(item, planner))
      continue
    }
    if (item.path.length === 0 || isMetricTime(item) || hasCustomGrain(item)) continue
    const place = planner.catalog.elements.locate(model, item)
    if (place === undefined) {
      fail('semantic', 'join-not-found', `'${item.name}' cannot be joined to '${model.name}'.`)
    }
    if (place.joins.length === 0) continue
    const key = chainKey(place.joins)
    const target = targets.get(key) ?? { joins: place.joins, items: [] }
    target.items.push(item)
    targets.set(key, target)
  }
  return joinEntities(planner.builder, { input, left: model, timeGrain, models: [...targets.values()], metrics, type })
}

/** The metric of a filter, computed for each value of its entity over all time. */
function metricTarget(item: MetricItem, planner: Planner): MetricTarget {
  const key = entityItem(item.subqueryPath.at(-1)!, item.subqueryPath.slice(0, -1))
  const planned = planner.plan({
    definition: planner.catalog.metric(item.element),
    filters: [],
    offsetWindow: undefined,
    offsetToGrain: undefined,
    items: [key],
    timeRange: undefined,
  })
  return { item, plan: planned.node, column: planned.column, key }
}

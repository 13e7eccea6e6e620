import { fail } from '../../core/diagnostic.js'
import { crossSpine } from '../dataflow/nodes/cross-spine.js'
import { distinct } from '../dataflow/nodes/distinct.js'
import { filter } from '../dataflow/nodes/filter.js'
import { joinCustomGrain } from '../dataflow/nodes/join-custom-grain.js'
import { chainKey } from '../dataflow/nodes/join-entities.js'
import { readModel } from '../dataflow/nodes/read-model.js'
import { readSpine } from '../dataflow/nodes/read-spine.js'
import type { DataflowNode } from '../dataflow/plan.js'
import { elementCount } from '../graph/element-count.js'
import type { ModelNode } from '../graph/model-node.js'
import {
  atBaseGrain,
  type GroupByItem,
  hasCustomGrain,
  isMetricTime,
  type TimeItem,
  uniqueItems,
} from '../group-by-item.js'
import type { QuerySpec } from '../query/query-spec.js'
import { joinItems } from './join-items.js'
import type { Planner } from './metric-kind.js'

/**
 * The rows for a query without metrics: the values of dimensions and entities. They come from the model that needs
 * the fewest joins; times of no model come from the time spine.
 */
export function distinctValues(spec: QuerySpec, planner: Planner): DataflowNode {
  const { builder } = planner
  const wanted = spec.groupBy.map((queried) => queried.item)
  const required = uniqueItems([...wanted, ...spec.filters.flatMap((candidate) => candidate.items)])
  const all = uniqueItems([...required, ...required.filter(hasCustomGrain).map(atBaseGrain)])
  let node = sourceRows(all, spec, planner)
  for (const item of all) if (hasCustomGrain(item)) node = joinCustomGrain(builder, node, item)
  node = filter(builder, node, spec.filters, wanted)
  return spec.distinct && !spec.minMaxOnly ? distinct(builder, node, wanted) : node
}

function sourceRows(items: readonly GroupByItem[], spec: QuerySpec, planner: Planner): DataflowNode {
  const plain = items.filter((item) => !hasCustomGrain(item))
  const times = plain.filter((item): item is TimeItem => isMetricTime(item))
  const others = plain.filter((item) => !isMetricTime(item))
  const spine = times.length === 0 ? undefined : timeRows(times, spec, planner)
  if (others.length === 0 && spine !== undefined) return spine
  const model = bestModel(others, planner)
  const customs = items.filter((item) => hasCustomGrain(item) && !isMetricTime(item))
  return joinAll(readModel(planner.builder, model), model, [...others, ...customs], times, spine, planner)
}

/**
 * Joins what the model lacks, in MetricFlow's order: what gives most items first, then what is smallest. It matters,
 * since rows of the other side that find no partner stay, and get only what is joined before them. A custom grain
 * counts, beside the base grain it is looked up by; but not one of `metric_time`.
 */
function joinAll(
  input: DataflowNode,
  model: ModelNode,
  items: readonly GroupByItem[],
  times: readonly TimeItem[],
  spine: DataflowNode | undefined,
  planner: Planner,
): DataflowNode {
  const joins = new Map<string, { items: GroupByItem[]; count: number; size: number }>()
  for (const item of items) {
    const place = item.kind === 'metric' ? undefined : planner.catalog.elements.locate(model, item)
    if (place?.joins.length === 0) continue
    const key = place === undefined ? item.name : chainKey(place.joins)
    const join = joins.get(key) ?? { items: [], count: 0, size: place === undefined ? 2 : elementCount(place.owner) }
    if (!hasCustomGrain(item)) join.items.push(item)
    join.count++
    joins.set(key, join)
  }
  const steps = [...joins.values()].map((join) => ({
    ...join,
    add: (node: DataflowNode) => joinItems(node, model, undefined, join.items, planner, 'FULL OUTER'),
  }))
  if (spine !== undefined) {
    const size = 2 * planner.catalog.elements.timeItems('', [], planner.catalog.spines.choose(times)[0]!.grain).length
    steps.push({
      items: [...times],
      count: times.length,
      size,
      add: (node) => crossSpine(planner.builder, node, spine),
    })
  }
  steps.sort((a, b) => b.count - a.count || a.size - b.size)
  return steps.reduce((node, step) => step.add(node), input)
}

/** `metric_time` without metrics: all moments of the time spine. */
function timeRows(times: readonly TimeItem[], spec: QuerySpec, planner: Planner): DataflowNode {
  const [spine] = planner.catalog.spines.choose(times)
  return readSpine(planner.builder, {
    spine: spine!,
    items: times,
    filters: [],
    timeRange: spec.timeRange,
    distinct: false,
  })
}

/** The model that has some of the items itself and reaches the others by the fewest joins; the smallest of equals. */
function bestModel(items: readonly GroupByItem[], planner: Planner): ModelNode {
  let best: { model: ModelNode; joins: number; size: number } | undefined
  for (const model of planner.catalog.models.values()) {
    const joins = joinsNeeded(model, items, planner)
    if (joins === undefined) continue
    const size = elementCount(model)
    if (best === undefined || joins < best.joins || (joins === best.joins && size < best.size))
      best = { model, joins, size }
  }
  if (best === undefined) {
    const names = items.map((item) => `'${item.name}'`).join(', ')
    fail('semantic', 'no-common-model', `No semantic model has, or can be joined to, all of ${names}.`, {
      hint: 'ask for them one by one, or with a metric that has them all',
    })
  }
  return best.model
}

/** How many joins a model needs for the items; undefined if it has none of them itself or cannot reach all. */
function joinsNeeded(model: ModelNode, items: readonly GroupByItem[], planner: Planner): number | undefined {
  // What a model is joined to is worth knowing only if it has something itself.
  const local = planner.catalog.elements.local(model)
  if (!items.some((item) => item.kind !== 'metric' && local.has(item.element))) return undefined
  const chains = new Set<string>()
  let own = 0
  for (const item of items) {
    if (item.kind === 'metric') {
      if (!model.entities.has(item.path[0]!)) return undefined
      chains.add(item.name)
      continue
    }
    const place = planner.catalog.elements.locate(model, item)
    if (place === undefined) return undefined
    if (place.joins.length === 0) own++
    else chains.add(chainKey(place.joins))
  }
  return own === 0 ? undefined : chains.size
}

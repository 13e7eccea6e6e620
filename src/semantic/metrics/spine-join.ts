import type { TimeGranularity } from '../../sql/granularity.js'
import { filter } from '../dataflow/nodes/filter.js'
import { joinToSpine } from '../dataflow/nodes/join-to-spine.js'
import { offsetSpine, unmovedItem } from '../dataflow/nodes/offset-spine.js'
import { readSpine } from '../dataflow/nodes/read-spine.js'
import type { DataflowNode } from '../dataflow/plan.js'
import {
  atBaseGrain,
  atGrain,
  byBaseGrain,
  isMetricTime,
  metricTimeItem,
  standardGrain,
  type TimeItem,
  uniqueItems,
} from '../group-by-item.js'
import type { BoundFilter } from '../query/bound-filter.js'
import type { TimeRange } from '../query/time-range.js'
import type { SimpleMetric, Window } from './definition.js'
import type { Planner } from './metric-kind.js'
import { type SpineJoin, windowGrain } from './recipe.js'

/** Moves rows in time, before they are aggregated to a grain in which the move could not be seen. */
export function joinSpineBefore(
  input: DataflowNode,
  join: SpineJoin,
  timeItems: readonly TimeItem[],
  metric: SimpleMetric,
  timeRange: TimeRange | undefined,
  planner: Planner,
): { readonly node: DataflowNode; readonly customsAreJoined: boolean } {
  const grain = join.window && windowGrain(join.window, planner)
  const wholePeriods = grain?.custom === true && timeItems.every((item) => item.grain?.name === grain.name)
  const items = wholePeriods ? timeItems : uniqueItems(timeItems.map(atBaseGrain))
  const joinGrain = standardGrain(grain?.custom ? grain.base : metric.aggTimeGrain)
  const on = items.some(isMetricTime) ? metricTimeItem(joinGrain) : atGrain(items[0]!, joinGrain)
  const node = moveInTime(input, { ...join, items, on, timeRange, wholePeriods }, planner)
  return { node, customsAreJoined: wholePeriods }
}

/** Moves aggregated values in time, or adds the times that have none. */
export function joinSpineAfter(
  input: DataflowNode,
  join: SpineJoin,
  timeItems: readonly TimeItem[],
  timeRange: TimeRange | undefined,
  planner: Planner,
): DataflowNode {
  const [on] = [...timeItems].sort(byBaseGrain)
  return moveInTime(input, { ...join, items: timeItems, on: on!, timeRange, wholePeriods: false }, planner)
}

interface Move {
  readonly type: 'LEFT OUTER' | 'INNER'
  readonly window: Window | undefined
  readonly toGrain: TimeGranularity | undefined
  readonly filters: readonly BoundFilter[]
  readonly items: readonly TimeItem[]
  readonly on: TimeItem
  readonly timeRange: TimeRange | undefined
  readonly wholePeriods: boolean
}

export function moveInTime(input: DataflowNode, move: Move, planner: Planner): DataflowNode {
  const { builder, catalog } = planner
  const { items, on, filters, timeRange, type } = move
  const grain = move.window && windowGrain(move.window, planner)
  if (move.window !== undefined && grain?.custom) {
    const spine = catalog.spines.ofCustomGrain(grain.name)
    const required = uniqueItems([
      ...items,
      ...filters.flatMap((candidate) => candidate.items.filter((item): item is TimeItem => item.kind === 'time')),
    ])
    const moved = offsetSpine(builder, {
      spine,
      grain: grain.name,
      count: move.window.count,
      items: required,
      wholePeriods: move.wholePeriods,
      timeRange,
    })
    return joinToSpine(builder, {
      input,
      spine: filter(builder, moved, filters, items),
      on,
      spineOn: unmovedItem(spine),
      items,
      type,
      window: undefined,
      toGrain: undefined,
    })
  }
  return joinToSpine(builder, {
    input,
    spine: chooseSpine(uniqueItems([on, ...items]), filters, timeRange, planner),
    on,
    items,
    type,
    window: move.window && grain && { count: move.window.count, grain: grain.base },
    toGrain: move.toGrain,
  })
}

/** The time spine that has all items, restricted to what the filters and the range leave. */
function chooseSpine(
  items: readonly TimeItem[],
  filters: readonly BoundFilter[],
  timeRange: TimeRange | undefined,
  planner: Planner,
): DataflowNode {
  const required = uniqueItems([
    ...items,
    ...filters.flatMap((candidate) => candidate.items.filter((item): item is TimeItem => item.kind === 'time')),
  ])
  const [spine] = planner.catalog.spines.choose(required)
  return readSpine(planner.builder, {
    spine: spine!,
    items,
    filters,
    timeRange,
    distinct: !items.some((item) => item.grain?.name === spine!.grain),
  })
}

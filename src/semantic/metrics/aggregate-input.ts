import { fail } from '../../core/diagnostic.js'
import { isTimeGranularity } from '../../sql/granularity.js'
import { isAggregationTimeOf } from '../catalog.js'
import { aggregate } from '../dataflow/nodes/aggregate.js'
import { filter } from '../dataflow/nodes/filter.js'
import { joinCustomGrain } from '../dataflow/nodes/join-custom-grain.js'
import { joinOverTime, type StandardWindow } from '../dataflow/nodes/join-over-time.js'
import { readModel } from '../dataflow/nodes/read-model.js'
import { semiAdditive } from '../dataflow/nodes/semi-additive.js'
import type { DataflowNode, MetricColumn } from '../dataflow/plan.js'
import {
  atBaseGrain,
  byBaseGrain,
  entityItem,
  type GroupByItem,
  hasCustomGrain,
  METRIC_TIME,
  standardGrain,
  type TimeItem,
  timeItem,
  uniqueItems,
} from '../group-by-item.js'
import { addGrains, type TimeRange } from '../query/time-range.js'
import type { SimpleMetric, Window } from './definition.js'
import { joinItems } from './join-items.js'
import type { Planner } from './metric-kind.js'
import type { Recipe } from './recipe.js'
import { joinSpineAfter, joinSpineBefore } from './spine-join.js'

export interface AggregatedInput {
  readonly node: DataflowNode
  readonly column: MetricColumn
}

/** The aggregated values of a simple metric, as its recipe says. */
export function aggregateInput(recipe: Recipe, timeRange: TimeRange | undefined, planner: Planner): AggregatedInput {
  const { builder } = planner
  const { metric } = recipe
  const rows = inputRows(recipe, timeRange, planner)
  const column = planner.column(
    `${rows.id} ${metric.name} by ${recipe.items.map((item) => item.name).join()}`,
    metric.name,
  )
  let node: DataflowNode = aggregate(builder, rows, recipe.items, [{ kind: 'metric', column, metric, condition: [] }])
  if (recipe.afterAggregation !== undefined && recipe.timeItems.length > 0) {
    node = joinSpineAfter(node, recipe.afterAggregation, recipe.timeItems, timeRange, planner)
  }
  return { node: filter(builder, node, recipe.filtersAfter, recipe.items), column }
}

/** The rows to aggregate, with all items the recipe needs beside them and all its filters applied. */
export function inputRows(recipe: Recipe, timeRange: TimeRange | undefined, planner: Planner): DataflowNode {
  const { builder } = planner
  const { metric, cumulative, beforeAggregation, afterAggregation } = recipe
  const required = requiredItems(recipe)
  const isOffset = [beforeAggregation, afterAggregation].some(
    (join) => join?.window !== undefined || join?.toGrain !== undefined,
  )
  const requiredTimes = uniqueItems(
    required
      .filter((item): item is TimeItem => item.kind === 'time' && isAggregationTimeOf(metric, item))
      .map(atBaseGrain),
  )
  const overTime = cumulative !== undefined && requiredTimes.length > 0

  const readRange = isOffset ? undefined : overTime ? earlierRange(timeRange, cumulative) : timeRange
  let node: DataflowNode = readModel(
    builder,
    metric.model,
    { dimension: metric.aggTime, grain: metric.aggTimeGrain },
    readRange,
  )
  if (overTime) {
    const [spine, another] = planner.catalog.spines.choose(requiredTimes)
    if (spine === undefined || another !== undefined) {
      fail(
        'semantic',
        'cumulative-spines',
        `The cumulative metric '${metric.name}' needs one time spine for all its times.`,
      )
    }
    node = joinOverTime(builder, {
      input: node,
      spine,
      on: [...requiredTimes].filter((item) => item.part === undefined).sort(byBaseGrain)[0]!,
      items: requiredTimes,
      window: cumulative.window && standardWindow(cumulative.window, metric),
      grainToDate: cumulative.grainToDate,
      // MetricFlow 0.213 restricts the series to the range before it is offset, too; so do we, to give the same rows.
      timeRange,
    })
  }
  let customsAreJoined = false
  if (beforeAggregation !== undefined && recipe.timeItems.length > 0) {
    const joined = joinSpineBefore(node, beforeAggregation, recipe.timeItems, metric, timeRange, planner)
    node = joined.node
    customsAreJoined = joined.customsAreJoined
  }
  node = joinItems(node, metric.model, metric.aggTimeGrain, required, planner)
  if (!customsAreJoined) {
    for (const item of required) if (hasCustomGrain(item)) node = joinCustomGrain(builder, node, item)
  }
  node = filter(builder, node, recipe.filters, recipe.items)
  return metric.nonAdditive === undefined ? node : keepChosenTimes(node, recipe, metric.nonAdditive, planner)
}

/** The items grouped by, those of the filters, and the base grains that custom grains are looked up by. */
function requiredItems(recipe: Recipe): GroupByItem[] {
  const items = uniqueItems([
    ...recipe.items,
    ...[...recipe.filters, ...recipe.filtersAfter].flatMap((candidate) => candidate.items),
    ...[recipe.beforeAggregation, recipe.afterAggregation].flatMap(
      (join) => join?.filters.flatMap((f) => f.items) ?? [],
    ),
  ])
  return uniqueItems([...items, ...items.filter(hasCustomGrain).map(atBaseGrain)])
}

/** What must be read so that the first moment of the range has its whole stretch of time. */
function earlierRange(range: TimeRange | undefined, stretch: NonNullable<Recipe['cumulative']>): TimeRange | undefined {
  if (range?.start === undefined) return range
  if (stretch.window !== undefined && isTimeGranularity(stretch.window.granularity)) {
    return { ...range, start: addGrains(range.start, -stretch.window.count, stretch.window.granularity) }
  }
  if (stretch.grainToDate === undefined) return { ...range, start: undefined }
  return { ...range, start: addGrains(range.start, -1, stretch.grainToDate) }
}

export function standardWindow(window: Window, metric: SimpleMetric): StandardWindow {
  if (!isTimeGranularity(window.granularity)) {
    fail(
      'semantic',
      'window-grain',
      `The window of '${metric.name}' counts '${window.granularity}', which must be a standard grain here.`,
    )
  }
  return { count: window.count, grain: window.granularity }
}

function keepChosenTimes(
  node: DataflowNode,
  recipe: Recipe,
  nonAdditive: NonNullable<SimpleMetric['nonAdditive']>,
  planner: Planner,
): DataflowNode {
  const { metric } = recipe
  const queried = recipe.items.find(
    (item): item is TimeItem =>
      item.kind === 'time' &&
      (item.element === nonAdditive.dimension ||
        (nonAdditive.dimension === metric.aggTime && item.element === METRIC_TIME)),
  )
  return semiAdditive(planner.builder, {
    input: node,
    time: timeItem(nonAdditive.dimension, [], standardGrain(metric.aggTimeGrain)),
    choice: nonAdditive.choice,
    groupings: nonAdditive.groupings.map((entity) => entityItem(entity, [])),
    queriedTime: queried,
  })
}

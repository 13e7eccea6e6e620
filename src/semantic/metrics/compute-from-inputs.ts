import { type CombineInput, combine } from '../dataflow/nodes/combine.js'
import { compute, type Formula, formulaKey } from '../dataflow/nodes/compute.js'
import { filter } from '../dataflow/nodes/filter.js'
import type { DataflowNode, MetricColumn } from '../dataflow/plan.js'
import {
  atBaseGrain,
  byBaseGrain,
  type GroupByItem,
  hasCustomGrain,
  type TimeItem,
  uniqueItems,
} from '../group-by-item.js'
import type { DerivedMetric, RatioMetric } from './definition.js'
import type { MetricSpec, PlannedMetric, Planner } from './metric-kind.js'
import { moveInTime } from './spine-join.js'

/**
 * A metric computed from others of the same row. If it is offset itself (as the input of another), it is computed
 * first and moved then, and filters hold for the moved values.
 */
export function computeFromInputs(
  spec: MetricSpec<DerivedMetric | RatioMetric>,
  planner: Planner,
  formulaOf: (columns: readonly MetricColumn[]) => Formula,
): PlannedMetric {
  const { definition, filters, items } = spec
  const isOffset = spec.offsetWindow !== undefined || spec.offsetToGrain !== undefined
  const inputItems = isOffset
    ? itemsBeforeMove(
        items,
        filters.flatMap((candidate) => candidate.items),
      )
    : items
  const own = planner.filters.ofMetric(definition)
  const inputs = definition.inputs.map((input) =>
    planner.plan({
      definition: planner.catalog.metric(input.name),
      filters: [...planner.filters.ofInput(input, definition), ...own, ...(isOffset ? [] : filters)],
      offsetWindow: input.offsetWindow,
      offsetToGrain: input.offsetToGrain,
      items: inputItems,
      timeRange: isOffset ? undefined : spec.timeRange,
    }),
  )
  const formula = formulaOf(inputs.map((input) => input.column))
  const node = putTogether(inputs, inputItems, planner)
  const column = planner.column(`${node.id} ${formulaKey(formula)}`, definition.name)
  const computed = compute(planner.builder, node, [{ column, formula }])
  if (!isOffset) return { node: computed, column, fill: undefined }

  const timeItems = items.filter(
    (item): item is TimeItem => item.kind === 'time' && planner.catalog.isAggregationTime(definition.name, item),
  )
  if (timeItems.length === 0) return { node: computed, column, fill: undefined }
  return movedMetric(spec, computed, column, timeItems, planner)
}

/** The inputs' columns side by side; the input itself if there is one only. */
export function putTogether(
  inputs: readonly PlannedMetric[],
  keys: readonly GroupByItem[],
  planner: Planner,
): DataflowNode {
  const byNode = new Map<number, CombineInput>()
  for (const { node, column, fill } of inputs) {
    const known = byNode.get(node.id)?.columns ?? []
    const columns = known.some((other) => other.column.id === column.id) ? known : [...known, { column, fill }]
    byNode.set(node.id, { node, columns })
  }
  const [first, ...others] = [...byNode.values()]
  return others.length === 0 ? first!.node : combine(planner.builder, [first!, ...others], keys)
}

/** Filters are applied after the move, so their items must still be there; custom grains are moved by their base. */
function itemsBeforeMove(items: readonly GroupByItem[], filtered: readonly GroupByItem[]): GroupByItem[] {
  const all = uniqueItems([...items, ...filtered])
  return uniqueItems([...all, ...all.filter(hasCustomGrain).map(atBaseGrain)])
}

function movedMetric(
  spec: MetricSpec<DerivedMetric | RatioMetric>,
  input: DataflowNode,
  column: MetricColumn,
  timeItems: readonly TimeItem[],
  planner: Planner,
): PlannedMetric {
  const [on] = [...timeItems].sort(byBaseGrain)
  const moved = moveInTime(
    input,
    {
      type: 'INNER',
      window: spec.offsetWindow,
      toGrain: spec.offsetToGrain,
      filters: [],
      items: timeItems,
      on: on!,
      timeRange: spec.timeRange,
      wholePeriods: false,
    },
    planner,
  )
  const node = filter(planner.builder, moved, spec.filters, spec.items)
  const movedColumn = planner.column(`${node.id} ${column.id} moved`, column.label)
  return {
    node: compute(planner.builder, node, [
      { column: movedColumn, formula: { kind: 'column', column, fill: undefined } },
    ]),
    column: movedColumn,
    fill: undefined,
  }
}

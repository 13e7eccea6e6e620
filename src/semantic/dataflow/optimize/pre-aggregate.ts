import type { GroupByItem, TimeItem } from '../../group-by-item.js'
import { atBaseGrain, hasCustomGrain, includesItem, uniqueItems } from '../../group-by-item.js'
import type { BoundFilter } from '../../query/bound-filter.js'
import { bareColumns } from '../filter-expr.js'
import {
  type AggregateNode,
  aggregate,
  type Measurement,
  type MetricMeasurement,
  type RollUp,
} from '../nodes/aggregate.js'
import { type ComputedColumn, compute } from '../nodes/compute.js'
import { filter } from '../nodes/filter.js'
import { joinCustomGrain } from '../nodes/join-custom-grain.js'
import { type JoinEntitiesNode, joinEntities } from '../nodes/join-entities.js'
import type { JoinOverTimeNode } from '../nodes/join-over-time.js'
import { joinOverTime } from '../nodes/join-over-time.js'
import { type JoinToSpineNode, joinToSpine } from '../nodes/join-to-spine.js'
import { type RunningColumn, runningTotal } from '../nodes/running-total.js'
import type { DataflowNode, MetricColumn, PlanBuilder } from '../plan.js'
import type { OptimizeRule } from './rule.js'

/**
 * Rows are aggregated to the grain of the time spine before they meet it, where sums of sums (or minima of minima)
 * give the same: the join over time then has days to do with, not rows.
 *
 *     aggregate(join-over-time(rows))  ->  aggregate(join-over-time(aggregate(rows)))
 */
export const preAggregate: OptimizeRule = (node, builder) => {
  if (node.kind !== 'aggregate') return undefined
  const parts = takeApart(node)
  if (parts === undefined) return undefined
  const partials = node.measures.map((measure) => partialOf(measure))
  if (partials.some((partial) => partial === undefined)) return undefined
  return rebuild(node, parts, partials as Partial[], builder)
}

interface Parts {
  readonly join: JoinOverTimeNode | JoinToSpineNode
  readonly entities: JoinEntitiesNode | undefined
  /** Grouped by before the join: the time it compares, and what is not time. */
  readonly keys: readonly GroupByItem[]
  readonly customsBefore: readonly TimeItem[]
  readonly customsAfter: readonly TimeItem[]
  readonly filtersBefore: readonly BoundFilter[]
  readonly filtersAfter: readonly BoundFilter[]
  readonly visible: readonly GroupByItem[]
}

function takeApart(aggregation: AggregateNode): Parts | undefined {
  let node = aggregation.input
  let filters: readonly BoundFilter[] = []
  let visible: readonly GroupByItem[] = aggregation.keys
  if (node.kind === 'filter') {
    if (node.anyOf.length > 0) return undefined
    filters = node.filters
    visible = node.visible
    node = node.input
  }
  const customs: TimeItem[] = []
  while (node.kind === 'join-custom-grain') {
    customs.unshift(node.item)
    node = node.input
  }
  let entities: JoinEntitiesNode | undefined
  if (node.kind === 'join-entities') {
    entities = node
    node = node.input
  }
  if (node.kind !== 'join-over-time' && node.kind !== 'join-to-spine') return undefined
  if (node.input.kind !== 'read-model' || hasValidity(entities)) return undefined
  const join = node
  const fromSpine = (item: GroupByItem): boolean =>
    item.kind === 'time' && includesItem([...join.items, join.on], hasCustomGrain(item) ? atBaseGrain(item) : item)
  const split = splitFilters(filters, fromSpine, visible)
  if (split === undefined) return undefined
  const others = [...aggregation.keys, ...split.after.flatMap((candidate) => candidate.items)].filter(
    (item) => !fromSpine(item),
  )
  return {
    join,
    entities,
    keys: uniqueItems([join.on, ...others]),
    customsBefore: customs.filter((item) => !fromSpine(item)),
    customsAfter: customs.filter(fromSpine),
    filtersBefore: split.before,
    filtersAfter: split.after,
    visible,
  }
}

/** Joins to rows valid at a time depend on the time that the join gives. */
function hasValidity(entities: JoinEntitiesNode | undefined): boolean {
  return entities?.models.some((target) => target.joins.some((join) => join.right.validity !== undefined)) ?? false
}

function splitFilters(
  filters: readonly BoundFilter[],
  fromSpine: (item: GroupByItem) => boolean,
  visible: readonly GroupByItem[],
): { readonly before: readonly BoundFilter[]; readonly after: readonly BoundFilter[] } | undefined {
  const before: BoundFilter[] = []
  const after: BoundFilter[] = []
  for (const candidate of filters) {
    const named = bareColumns(candidate).map((name) => visible.find((item) => item.name === name.toLowerCase()))
    const items = [...candidate.items, ...named.filter((item) => item !== undefined)]
    if (!items.some(fromSpine)) before.push(candidate)
    else if (named.length === 0 || (named.length === items.length && items.every(fromSpine))) after.push(candidate)
    else return undefined
  }
  return { before, after }
}

/** How a measure is first aggregated in part, and then from its parts. */
interface Partial {
  readonly first: readonly MetricMeasurement[]
  readonly after: readonly RollUp[]
  /** Only for averages: from their sum and count. */
  readonly computed: ComputedColumn | undefined
}

function partialOf(measure: Measurement): Partial | undefined {
  if (measure.kind !== 'metric' || measure.condition.length > 0 || measure.fn !== undefined) return undefined
  const { column, metric } = measure
  const part = (suffix: string): MetricColumn => ({ id: `${column.id}.${suffix}`, label: `${column.label}_${suffix}` })
  switch (metric.agg) {
    case 'sum':
    case 'sum_boolean':
    case 'min':
    case 'max': {
      const fn = metric.agg === 'sum_boolean' ? 'sum' : metric.agg
      const of = { id: `${column.id}.part`, label: column.label }
      return { first: [{ ...measure, column: of }], after: [{ kind: 'roll-up', column, of, fn }], computed: undefined }
    }
    case 'average': {
      const sum = part('sum')
      const count = part('count')
      const total = { id: `${sum.id}.all`, label: sum.label }
      const number = { id: `${count.id}.all`, label: count.label }
      return {
        first: [
          { ...measure, column: sum, fn: 'sum' },
          { ...measure, column: count, fn: 'count' },
        ],
        after: [
          { kind: 'roll-up', column: total, of: sum, fn: 'sum' },
          { kind: 'roll-up', column: number, of: count, fn: 'sum' },
        ],
        computed: { column, formula: { kind: 'ratio', numerator: total, denominator: number } },
      }
    }
    default:
      return undefined
  }
}

function rebuild(node: AggregateNode, parts: Parts, partials: readonly Partial[], builder: PlanBuilder): DataflowNode {
  const { join, entities } = parts
  let rows: DataflowNode = join.input
  if (entities !== undefined) rows = joinEntities(builder, { ...entities, input: rows })
  for (const item of parts.customsBefore) rows = joinCustomGrain(builder, rows, item)
  rows = filter(builder, rows, parts.filtersBefore, parts.visible)
  const first = aggregate(
    builder,
    rows,
    parts.keys,
    partials.flatMap((partial) => partial.first),
  )
  const others = parts.keys.filter((item) => item.name !== join.on.name)
  const rollUps = partials.flatMap((partial) => partial.after)

  const isRunning = join.kind === 'join-over-time' && join.window === undefined
  const runs = isRunning && isFinest(join, node) && others.every((item) => includesItem(node.keys, item))
  const columns = rollUps.map(
    (rollUp): RunningColumn => ({
      column: runs ? rollUp.column : { id: `${rollUp.column.id}.so far`, label: rollUp.of.label },
      of: rollUp.of,
      fn: rollUp.fn as RunningColumn['fn'],
    }),
  )
  let joined: DataflowNode = isRunning
    ? runningTotal(builder, {
        input: first,
        spine: join.spine,
        on: join.on,
        items: join.items,
        keys: others,
        columns,
        grainToDate: join.grainToDate,
        timeRange: join.timeRange,
      })
    : join.kind === 'join-over-time'
      ? joinOverTime(builder, { ...join, input: first })
      : joinToSpine(builder, { ...join, input: first })
  for (const item of parts.customsAfter) joined = joinCustomGrain(builder, joined, item)
  joined = filter(builder, joined, parts.filtersAfter, parts.visible)
  if (!runs) {
    const second = rollUps.map(
      (rollUp, index): RollUp => (isRunning ? { ...rollUp, of: columns[index]!.column } : rollUp),
    )
    joined = aggregate(builder, joined, node.keys, second)
  }
  const computed = partials.flatMap((partial) => partial.computed ?? [])
  return computed.length === 0 ? joined : compute(builder, joined, computed)
}

/** Whether the query shows every moment of the join, so that each of its rows is a row of the answer. */
function isFinest(join: JoinOverTimeNode, node: AggregateNode): boolean {
  return includesItem(node.keys, join.on)
}

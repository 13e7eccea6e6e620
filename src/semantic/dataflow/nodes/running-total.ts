import type { TimeGranularity } from '../../../sql/granularity.js'
import {
  type AggregateFunction,
  coalesce,
  column,
  compare,
  type SqlExpr,
  timestampLiteral,
} from '../../../sql/plan/expr.js'
import { subquerySource } from '../../../sql/plan/select.js'
import { type GroupByItem, type TimeItem, timeItem } from '../../group-by-item.js'
import type { TimeRange } from '../../query/time-range.js'
import type { TimeSpine } from '../../time-spine.js'
import type { NodeKind } from '../node-kind.js'
import type { DataflowNode, MetricColumn, NodeBase, PlanBuilder } from '../plan.js'
import { extend, itemOf, metricOf, type Relation, wrap } from '../relation.js'
import { rangeKey, withinRange } from './read-model.js'
import { spineRelation } from './read-spine.js'

/**
 * Totals that grow from the beginning of time, or of each period, at every moment of the spine. The input is
 * aggregated by `on` and the keys, so each of its rows holds until the next of the same keys.
 */
export interface RunningTotalNode extends NodeBase {
  readonly kind: 'running-total'
  readonly input: DataflowNode
  readonly spine: TimeSpine
  readonly on: TimeItem
  /** What is taken from the spine. */
  readonly items: readonly TimeItem[]
  readonly keys: readonly GroupByItem[]
  readonly columns: readonly RunningColumn[]
  readonly grainToDate: TimeGranularity | undefined
  readonly timeRange: TimeRange | undefined
}

export interface RunningColumn {
  readonly column: MetricColumn
  readonly of: MetricColumn
  readonly fn: Extract<AggregateFunction, 'sum' | 'min' | 'max'>
}

export function runningTotal(builder: PlanBuilder, parts: Omit<RunningTotalNode, 'id' | 'kind'>): RunningTotalNode {
  const names = (items: readonly GroupByItem[]): string => items.map((item) => item.name).join()
  const key = [
    parts.input.id,
    parts.spine.relation,
    parts.on.name,
    names(parts.items),
    names(parts.keys),
    parts.columns.map((running) => `${running.column.id}=${running.fn} ${running.of.id}`).join(';'),
    parts.grainToDate ?? '',
    rangeKey(parts.timeRange),
  ].join('|')
  return builder.node({ kind: 'running-total', ...parts }, key)
}

export const runningTotalKind: NodeKind<RunningTotalNode> = {
  inputs: (node) => [node.input],
  withInputs: (node, [input], builder) => runningTotal(builder, { ...node, input: input! }),
  describe: (node) => {
    const from = node.grainToDate === undefined ? 'the beginning' : `the start of each ${node.grainToDate}`
    return `add up ${node.columns.map((running) => running.of.label).join(', ')} from ${from} at each ${node.on.grain?.name ?? 'moment'} of the time spine`
  },
  toSql: (node, context) => {
    const totals = runningTotals(node, context.relation(node.input))
    const spine = spineRelation(node.spine, context)
    if (node.timeRange !== undefined) {
      spine.select.where.push(...withinRange(spine.base, node.spine.grain, node.timeRange))
    }
    const moments = node.spine.grain === node.on.grain?.name ? spine : distinctMoments(spine, node)
    const moment = itemOf(moments, atName(node.on))
    moments.select.joins.push({
      type: 'INNER',
      source: totals.source,
      on: [compare('>=', moment, totals.from), compare('<', moment, totals.until)],
    })
    const items = new Map([
      ...node.items.map((item): [string, SqlExpr] => [item.name, itemOf(moments, item)]),
      ...node.keys.map((key): [string, SqlExpr] => [key.name, column(totals.source, totals.names.get(key.name)!)]),
    ])
    const relation: Relation = { ...moments, item: () => undefined, passed: new Set() }
    const metrics = new Map(
      node.columns.map((running) => [running.column.id, column(totals.source, totals.names.get(running.column.id)!)]),
    )
    return extend(relation, { items, metrics })
  },
}

function atName(item: TimeItem): TimeItem {
  return timeItem(item.element, item.path, item.grain!)
}

/** A spine finer than the totals repeats their moments. */
function distinctMoments(spine: Relation, node: RunningTotalNode): Relation {
  const items = [...new Map([...node.items, node.on].map((item) => [item.name, item])).values()]
  for (const item of items) spine.select.columns.set(item.name, itemOf(spine, item))
  spine.select.groupBy = items.map((item) => item.name)
  return wrap({ ...spine, grouped: true }, 'time_spine')
}

function runningTotals(node: RunningTotalNode, relation: Relation) {
  const input = wrap(relation, node.columns[0]?.of.label ?? 'totals')
  const { select } = input
  const time = itemOf(input, node.on)
  select.where.push({ kind: 'null-test', arg: time, negated: true })
  const period: SqlExpr[] =
    node.grainToDate === undefined ? [] : [{ kind: 'date-trunc', grain: node.grainToDate, arg: time }]
  const names = new Map<string, string>()
  for (const key of node.keys) {
    select.columns.set(key.name, itemOf(input, key))
    names.set(key.name, key.name)
  }
  const partitionBy = [...node.keys.map((key) => itemOf(input, key)), ...period]
  const orderBy = [{ expr: time, descending: false }]
  for (const running of node.columns) {
    select.columns.set(running.column.label, {
      kind: 'window',
      fn: running.fn.toUpperCase(),
      args: [metricOf(input, running.of)],
      partitionBy,
      orderBy,
      frame: 'up-to-current-row',
    })
    names.set(running.column.id, running.column.label)
  }
  select.columns.set('holds_from', time)
  const next: SqlExpr = { kind: 'window', fn: 'LEAD', args: [time], partitionBy, orderBy }
  const end: SqlExpr =
    node.grainToDate === undefined
      ? { kind: 'cast', type: 'timestamp', arg: timestampLiteral('9999-12-31') }
      : { kind: 'add-time', arg: period[0]!, count: 1, grain: node.grainToDate }
  select.columns.set('holds_until', coalesce([next, end]))
  const source = subquerySource(select, `${node.columns[0]?.of.label ?? 'totals'}_so_far`)
  return { source, names, from: column(source, 'holds_from'), until: column(source, 'holds_until') }
}

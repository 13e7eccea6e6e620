import { column, compare, numberLiteral, type SqlExpr } from '../../../sql/plan/expr.js'
import { type SelectStatement, selectFrom, subquerySource } from '../../../sql/plan/select.js'
import { standardGrain, type TimeItem, timeItem } from '../../group-by-item.js'
import type { TimeRange } from '../../query/time-range.js'
import type { TimeSpine } from '../../time-spine.js'
import type { NodeKind } from '../node-kind.js'
import type { NodeBase, PlanBuilder } from '../plan.js'
import type { Relation } from '../relation.js'
import { rangeKey, withinRange } from './read-model.js'
import { spineTable } from './read-spine.js'

/**
 * Moments moved by periods of a custom grain: the day that is as far in the period `count` periods later, or, where
 * only whole periods are asked for, that period itself.
 */
export interface OffsetSpineNode extends NodeBase {
  readonly kind: 'offset-spine'
  /** The spine that defines the custom grain. */
  readonly spine: TimeSpine
  readonly grain: string
  readonly count: number
  /** What is asked for, computed from the moved moments. */
  readonly items: readonly TimeItem[]
  readonly wholePeriods: boolean
  /** Of the moved moments, only those in the range. */
  readonly timeRange: TimeRange | undefined
}

export function offsetSpine(builder: PlanBuilder, parts: Omit<OffsetSpineNode, 'id' | 'kind'>): OffsetSpineNode {
  const items = parts.items.map((item) => item.name).join()
  const key = [
    parts.spine.relation,
    parts.grain,
    parts.count,
    items,
    parts.wholePeriods,
    rangeKey(parts.timeRange),
  ].join('|')
  return builder.node({ kind: 'offset-spine', ...parts }, key)
}

/** The moments before they were moved: what rows are compared with. */
export function unmovedItem(spine: TimeSpine): TimeItem {
  return timeItem('time_spine', [], standardGrain(spine.grain))
}

export const offsetSpineKind: NodeKind<OffsetSpineNode> = {
  inputs: () => [],
  withInputs: (node) => node,
  describe: (node) => `move the moments of the time spine by ${node.count} ${node.grain}`,
  toSql: (node) => {
    const { select, base, moved } = node.wholePeriods ? movePeriods(node) : moveMoments(node)
    if (node.timeRange !== undefined) select.where.push(...withinRange(moved, node.spine.grain, node.timeRange))
    const unmoved = unmovedItem(node.spine).name
    const byName = new Map<string, SqlExpr>([[unmoved, base]])
    for (const item of node.items) byName.set(item.name, node.wholePeriods ? moved : atItem(node, item, moved))
    const relation: Relation = {
      select,
      grouped: false,
      item: (item) => byName.get(item.name),
      metric: () => undefined,
      measure: () => undefined,
      bare: () => undefined,
      passed: new Set(),
    }
    return relation
  },
}

function atItem(node: OffsetSpineNode, item: TimeItem, moment: SqlExpr): SqlExpr {
  if (item.part !== undefined) return { kind: 'extract', part: item.part, arg: moment }
  const grain = item.grain?.base ?? node.spine.grain
  return grain === node.spine.grain ? moment : { kind: 'date-trunc', grain, arg: moment }
}

interface MovedMoments {
  readonly select: SelectStatement
  readonly base: SqlExpr
  readonly moved: SqlExpr
}

/** Each moment with the period `count` later than its own. */
function movePeriods(node: OffsetSpineNode): MovedMoments {
  const { table, base, period } = spineColumns(node)
  const inner = spineColumns(node)
  const periods = selectFrom(inner.table)
  periods.columns.set(node.grain, inner.period)
  periods.groupBy = [node.grain]
  periods.columns.set('moved', lead(inner.period, node.count, inner.period))
  const source = subquerySource(periods, 'periods')
  const select = selectFrom(table)
  select.joins.push({ type: 'INNER', source, on: [compare('=', period, column(source, node.grain))] })
  return { select, base, moved: column(source, 'moved') }
}

/** Each moment with the one at the same place in the period `count` later; NULL where that period is shorter. */
function moveMoments(node: OffsetSpineNode): MovedMoments {
  const days = spineColumns(node)
  const numbered = selectFrom(days.table)
  numbered.columns.set('moment', days.base)
  numbered.columns.set(node.grain, days.period)
  numbered.columns.set('place', {
    kind: 'window',
    fn: 'ROW_NUMBER',
    args: [],
    partitionBy: [days.period],
    orderBy: [{ expr: days.base, descending: false }],
  })
  const moments = subquerySource(numbered, 'moments')

  const bounds = spineColumns(node)
  const bounded = selectFrom(bounds.table)
  bounded.columns.set(node.grain, bounds.period)
  bounded.groupBy = [node.grain]
  bounded.columns.set('first_moment', lead(edge('min', bounds.base), node.count, bounds.period))
  bounded.columns.set('last_moment', lead(edge('max', bounds.base), node.count, bounds.period))
  const periods = subquerySource(bounded, 'periods')

  const select = selectFrom(moments)
  const on = [compare('=', column(moments, node.grain), column(periods, node.grain))]
  select.joins.push({ type: 'INNER', source: periods, on })
  const moved: SqlExpr = {
    kind: 'add-time',
    arg: column(periods, 'first_moment'),
    count: compare('-', column(moments, 'place'), numberLiteral(1)),
    grain: node.spine.grain,
  }
  return {
    select,
    base: column(moments, 'moment'),
    moved: {
      kind: 'case',
      when: compare('<=', moved, column(periods, 'last_moment')),
      result: moved,
      otherwise: undefined,
    },
  }
}

function spineColumns(node: OffsetSpineNode) {
  const table = spineTable(node.spine)
  return {
    table,
    base: column(table, node.spine.column),
    period: column(table, node.spine.customColumns.get(node.grain) ?? node.grain),
  }
}

function edge(fn: 'min' | 'max', arg: SqlExpr): SqlExpr {
  return { kind: 'aggregate', fn, arg, filter: undefined }
}

function lead(value: SqlExpr, count: number, order: SqlExpr): SqlExpr {
  return {
    kind: 'window',
    fn: 'LEAD',
    args: [value, numberLiteral(count)],
    partitionBy: [],
    orderBy: [{ expr: order, descending: false }],
  }
}

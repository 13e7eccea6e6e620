import { column, type SqlExpr } from '../../../sql/plan/expr.js'
import { type SelectStatement, selectFrom, type TableSource, tableSource } from '../../../sql/plan/select.js'
import type { GroupByItem, TimeItem } from '../../group-by-item.js'
import { atBaseGrain } from '../../group-by-item.js'
import type { BoundFilter } from '../../query/bound-filter.js'
import type { TimeRange } from '../../query/time-range.js'
import type { TimeSpine } from '../../time-spine.js'
import { filterExpr } from '../filter-expr.js'
import type { NodeKind, SqlContext } from '../node-kind.js'
import type { NodeBase, PlanBuilder } from '../plan.js'
import type { Relation } from '../relation.js'
import { describeRange, rangeKey, withinRange } from './read-model.js'

/** Moments from a time spine, as the time dimensions asked for: one row per combination of `items`. */
export interface ReadSpineNode extends NodeBase {
  readonly kind: 'read-spine'
  readonly spine: TimeSpine
  readonly items: readonly TimeItem[]
  readonly filters: readonly BoundFilter[]
  readonly timeRange: TimeRange | undefined
  /** The items repeat themselves over the rows of the spine, so each combination is kept once. */
  readonly distinct: boolean
}

export function readSpine(builder: PlanBuilder, parts: Omit<ReadSpineNode, 'id' | 'kind'>): ReadSpineNode {
  const key = [
    parts.spine.relation,
    parts.items.map((item) => item.name).join(),
    parts.filters.map((filter) => filter.key).join('&'),
    rangeKey(parts.timeRange),
    parts.distinct,
  ].join('|')
  return builder.node({ kind: 'read-spine', ...parts }, key)
}

export const readSpineKind: NodeKind<ReadSpineNode> = {
  inputs: () => [],
  withInputs: (node) => node,
  describe: (node) => {
    const range = node.timeRange === undefined ? '' : ` ${describeRange(node.timeRange)}`
    return `read time spine ${node.spine.label} (${node.items.map((item) => item.name).join(', ')})${range}`
  },
  toSql: (node, context) => {
    const relation = spineRelation(node.spine, context)
    if (node.timeRange !== undefined) {
      relation.select.where.push(...withinRange(relation.base, node.spine.grain, node.timeRange))
    }
    for (const filter of node.filters) relation.select.where.push(filterExpr(filter, relation))
    if (!node.distinct) return relation
    for (const item of node.items) relation.select.columns.set(item.name, relation.item(item)!)
    relation.select.groupBy = node.items.map((item) => item.name)
    return { ...relation, grouped: true, passed: new Set(node.filters.map((filter) => filter.key)) }
  },
}

export interface SpineRelation extends Relation {
  /** The column of the spine's own grain. */
  readonly base: SqlExpr
}

/**
 * The rows of a spine. Any time dimension can be asked of it, by whatever name: custom grains that another spine
 * defines are joined on when they are.
 */
export function spineRelation(spine: TimeSpine, context: SqlContext): SpineRelation {
  const table = spineTable(spine)
  const select = selectFrom(table)
  const base = column(table, spine.column)
  const custom = new Map<string, SqlExpr>()
  const known = new Map<string, SqlExpr>()
  const item = (wanted: GroupByItem): SqlExpr | undefined => {
    if (wanted.kind !== 'time') return undefined
    const key = wanted.part === undefined ? wanted.grain!.name : `part ${wanted.part}`
    const expr = known.get(key) ?? timeExpr(wanted)
    known.set(key, expr)
    return expr
  }
  const timeExpr = (time: TimeItem): SqlExpr => {
    if (time.part !== undefined) return { kind: 'extract', part: time.part, arg: base }
    const grain = time.grain!
    if (!grain.custom) return grain.base === spine.grain ? base : { kind: 'date-trunc', grain: grain.base, arg: base }
    const own = spine.customColumns.get(grain.name)
    if (own !== undefined) return column(table, own)
    let joined = custom.get(grain.name)
    if (joined === undefined) {
      joined = joinCustomGrain(select, timeExpr(atBaseGrain(time)), grain.name, context)
      custom.set(grain.name, joined)
    }
    return joined
  }
  return {
    base,
    select,
    grouped: false,
    item,
    metric: () => undefined,
    measure: () => undefined,
    bare: () => undefined,
    passed: new Set(),
  }
}

export function spineTable(spine: TimeSpine): TableSource {
  return tableSource(spine.relation, 'time_spine', { kind: 'time-spine', name: spine.label })
}

/** Joins the spine that has a custom grain's column on a time at its base grain; returns the column. */
export function joinCustomGrain(
  select: SelectStatement,
  time: SqlExpr,
  customGrain: string,
  { catalog }: SqlContext,
): SqlExpr {
  const spine = catalog.spines.ofCustomGrain(customGrain)
  const table = spineTable(spine)
  select.joins.push({
    type: 'LEFT OUTER',
    source: table,
    on: [{ kind: 'binary', op: '=', left: time, right: column(table, spine.column) }],
  })
  return column(table, spine.customColumns.get(customGrain)!)
}

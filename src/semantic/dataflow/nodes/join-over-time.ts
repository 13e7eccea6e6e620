import type { TimeGranularity } from '../../../sql/granularity.js'
import { compare, type SqlExpr } from '../../../sql/plan/expr.js'
import type { TimeItem } from '../../group-by-item.js'
import type { TimeRange } from '../../query/time-range.js'
import type { TimeSpine } from '../../time-spine.js'
import { joinInto } from '../join-into.js'
import type { NodeKind } from '../node-kind.js'
import type { DataflowNode, NodeBase, PlanBuilder } from '../plan.js'
import { asRows, extend, itemOf, type Relation } from '../relation.js'
import { stepLabel } from '../step-label.js'
import { rangeKey, withinRange } from './read-model.js'
import { spineRelation } from './read-spine.js'

/**
 * Every moment of the spine with all rows of the stretch of time that ends there: what a cumulative metric
 * aggregates. Afterwards the times asked for are those of the spine.
 */
export interface JoinOverTimeNode extends NodeBase {
  readonly kind: 'join-over-time'
  readonly input: DataflowNode
  readonly spine: TimeSpine
  /** The time, at the finest grain asked for, on which rows and spine are compared. */
  readonly on: TimeItem
  /** What is taken from the spine. */
  readonly items: readonly TimeItem[]
  readonly window: StandardWindow | undefined
  readonly grainToDate: TimeGranularity | undefined
  readonly timeRange: TimeRange | undefined
}

export interface StandardWindow {
  readonly count: number
  readonly grain: TimeGranularity
}

export function joinOverTime(builder: PlanBuilder, parts: Omit<JoinOverTimeNode, 'id' | 'kind'>): JoinOverTimeNode {
  const key = [
    parts.input.id,
    parts.spine.relation,
    parts.on.name,
    parts.items.map((item) => item.name).join(),
    parts.window === undefined ? '' : `${parts.window.count} ${parts.window.grain}`,
    parts.grainToDate ?? '',
    rangeKey(parts.timeRange),
  ].join('|')
  return builder.node({ kind: 'join-over-time', ...parts }, key)
}

export function describeStretch(node: Pick<JoinOverTimeNode, 'window' | 'grainToDate'>): string {
  if (node.window !== undefined) return `the ${node.window.count} ${node.window.grain}(s) up to it`
  return node.grainToDate === undefined ? 'all time up to it' : `the ${node.grainToDate} up to it`
}

export const joinOverTimeKind: NodeKind<JoinOverTimeNode> = {
  inputs: (node) => [node.input],
  withInputs: (node, [input], builder) => joinOverTime(builder, { ...node, input: input! }),
  describe: (node) =>
    `give each ${node.on.grain?.name ?? 'moment'} of the time spine the rows of ${describeStretch(node)}`,
  toSql: (node, context) => {
    const spine = spineRelation(node.spine, context)
    if (node.timeRange !== undefined) {
      spine.select.where.push(...withinRange(spine.base, node.spine.grain, node.timeRange))
    }
    // A spine finer than what is asked for repeats the moments: each is taken once.
    const needsDistinct = node.items.every((item) => item.grain?.name !== node.spine.grain)
    const moments = needsDistinct ? asRows(distinctMoments(spine, node.items), 'time_spine') : spine
    const input = context.relation(node.input)
    const joined = joinInto(moments, input, 'INNER', stepLabel(node.input), (rows) =>
      stretchConditions(node, itemOf(rows, node.on), itemOf(moments, node.on)),
    )
    const items = new Map(node.items.map((item) => [item.name, itemOf(moments, item)]))
    return extend({ ...joined, select: moments.select, grouped: false }, { items })
  },
}

function distinctMoments(spine: Relation, items: readonly TimeItem[]): Relation {
  for (const item of items) spine.select.columns.set(item.name, itemOf(spine, item))
  spine.select.groupBy = items.map((item) => item.name)
  return { ...spine, grouped: true }
}

/** Row times within the stretch that ends at a moment. */
function stretchConditions(node: JoinOverTimeNode, time: SqlExpr, moment: SqlExpr): SqlExpr[] {
  const conditions: SqlExpr[] = [compare('<=', time, moment)]
  if (node.window !== undefined) {
    const { count, grain } = node.window
    conditions.push(compare('>', time, { kind: 'add-time', arg: moment, count: -count, grain }))
  } else if (node.grainToDate !== undefined) {
    conditions.push(compare('>=', time, { kind: 'date-trunc', grain: node.grainToDate, arg: moment }))
  }
  return conditions
}

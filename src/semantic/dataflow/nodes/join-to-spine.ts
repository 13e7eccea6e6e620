import type { TimeGranularity } from '../../../sql/granularity.js'
import { compare, or, type SqlExpr } from '../../../sql/plan/expr.js'
import type { TimeItem } from '../../group-by-item.js'
import { joinInto } from '../join-into.js'
import type { NodeKind } from '../node-kind.js'
import type { DataflowNode, NodeBase, PlanBuilder } from '../plan.js'
import { asRows, extend, itemOf } from '../relation.js'
import { stepLabel } from '../step-label.js'
import type { StandardWindow } from './join-over-time.js'

/**
 * Values moved in time, or filled up to a row for each moment: the spine's times, with the input's values of
 * `window` before, or of the beginning of the period, or of the same time.
 */
export interface JoinToSpineNode extends NodeBase {
  readonly kind: 'join-to-spine'
  readonly input: DataflowNode
  readonly spine: DataflowNode
  readonly on: TimeItem
  /** The spine's side of the comparison, where it is not `on`. */
  readonly spineOn?: TimeItem
  /** What is taken from the spine. */
  readonly items: readonly TimeItem[]
  /** Outer: a row for each moment of the spine, also where the input has none. */
  readonly type: 'LEFT OUTER' | 'INNER'
  readonly window: StandardWindow | undefined
  readonly toGrain: TimeGranularity | undefined
}

export function joinToSpine(builder: PlanBuilder, parts: Omit<JoinToSpineNode, 'id' | 'kind'>): JoinToSpineNode {
  const key = [
    parts.input.id,
    parts.spine.id,
    parts.on.name,
    parts.spineOn?.name ?? '',
    parts.items.map((item) => item.name).join(),
    parts.type,
    parts.window === undefined ? '' : `${parts.window.count} ${parts.window.grain}`,
    parts.toGrain ?? '',
  ].join('|')
  return builder.node({ kind: 'join-to-spine', ...parts }, key)
}

export const joinToSpineKind: NodeKind<JoinToSpineNode> = {
  inputs: (node) => [node.spine, node.input],
  withInputs: (node, [spine, input], builder) => joinToSpine(builder, { ...node, spine: spine!, input: input! }),
  describe: (node) => {
    if (node.window !== undefined)
      return `give each time the values of ${node.window.count} ${node.window.grain}(s) before`
    if (node.toGrain !== undefined) return `give each time the values of the start of its ${node.toGrain}`
    return node.type === 'LEFT OUTER' ? 'add the times without values' : 'give each time its values'
  },
  toSql: (node, context) => {
    const spine = asRows(context.relation(node.spine), 'time_spine')
    const input = context.relation(node.input)
    const moment = itemOf(spine, node.spineOn ?? node.on)
    const joined = joinInto(spine, input, node.type, stepLabel(node.input), (rows) => [
      compare('=', moved(node, moment), itemOf(rows, node.on)),
    ])
    if (node.toGrain !== undefined && !node.items.some((item) => item.name === node.on.name)) {
      // Of all moments of a period only its first may stand for it.
      const starts = node.items.map((item) => compare('=', itemOf(spine, item), moment))
      const condition = or(starts)
      if (condition !== undefined) spine.select.where.push(condition)
    }
    const taken = node.spineOn === undefined ? [...node.items, node.on] : node.items
    const items = new Map(taken.map((item) => [item.name, itemOf(spine, item)]))
    return extend({ ...joined, select: spine.select, grouped: false, passed: new Set() }, { items })
  },
}

function moved(node: JoinToSpineNode, moment: SqlExpr): SqlExpr {
  if (node.window !== undefined) {
    return { kind: 'add-time', arg: moment, count: -node.window.count, grain: node.window.grain }
  }
  return node.toGrain === undefined ? moment : { kind: 'date-trunc', grain: node.toGrain, arg: moment }
}

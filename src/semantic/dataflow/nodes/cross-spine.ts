import type { SqlExpr } from '../../../sql/plan/expr.js'
import { type GroupByItem, isMetricTime } from '../../group-by-item.js'
import type { NodeKind } from '../node-kind.js'
import type { DataflowNode, NodeBase, PlanBuilder } from '../plan.js'
import { asRows, type Relation } from '../relation.js'
import { stepLabel } from '../step-label.js'

/** Every row with every moment: what dimensions and `metric_time` without a metric have in common is nothing. */
export interface CrossSpineNode extends NodeBase {
  readonly kind: 'cross-spine'
  readonly input: DataflowNode
  readonly spine: DataflowNode
}

export function crossSpine(builder: PlanBuilder, input: DataflowNode, spine: DataflowNode): CrossSpineNode {
  return builder.node({ kind: 'cross-spine', input, spine }, `${input.id}|${spine.id}`)
}

export const crossSpineKind: NodeKind<CrossSpineNode> = {
  inputs: (node) => [node.input, node.spine],
  withInputs: (_node, [input, spine], builder) => crossSpine(builder, input!, spine!),
  describe: () => 'give every row every moment of the time spine',
  toSql: (node, context) => {
    const rows = asRows(context.relation(node.input), stepLabel(node.input))
    const spine = asRows(context.relation(node.spine), 'time_spine')
    // Conditions on the moments hold for the rows of the whole statement: a row of no moment does not pass them.
    rows.select.joins.push({ type: 'CROSS', source: spine.select.from, on: [] })
    rows.select.where.push(...spine.select.where)
    const item = (wanted: GroupByItem): SqlExpr | undefined =>
      isMetricTime(wanted) ? spine.item(wanted) : rows.item(wanted)
    return { ...rows, item } satisfies Relation
  },
}

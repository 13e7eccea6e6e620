import type { SqlExpr } from '../../../sql/plan/expr.js'
import type { GroupByItem } from '../../group-by-item.js'
import type { NodeKind } from '../node-kind.js'
import type { DataflowNode, MetricColumn, NodeBase, PlanBuilder } from '../plan.js'
import { asRows, extend, itemOf } from '../relation.js'
import { stepLabel } from '../step-label.js'

/** The smallest and the largest value of one item. */
export interface MinMaxNode extends NodeBase {
  readonly kind: 'min-max'
  readonly input: DataflowNode
  readonly item: GroupByItem
  readonly min: MetricColumn
  readonly max: MetricColumn
}

export function minMax(builder: PlanBuilder, input: DataflowNode, item: GroupByItem): MinMaxNode {
  const min = { id: `min ${item.name}`, label: `${item.name}__min` }
  const max = { id: `max ${item.name}`, label: `${item.name}__max` }
  return builder.node({ kind: 'min-max', input, item, min, max }, `${input.id}|${item.name}`)
}

export const minMaxKind: NodeKind<MinMaxNode> = {
  inputs: (node) => [node.input],
  withInputs: (node, [input], builder) => minMax(builder, input!, node.item),
  describe: (node) => `take the smallest and the largest ${node.item.name}`,
  toSql: (node, context) => {
    const rows = asRows(context.relation(node.input), stepLabel(node.input))
    const arg = itemOf(rows, node.item)
    const edge = (fn: 'min' | 'max'): SqlExpr => ({ kind: 'aggregate', fn, arg, filter: undefined })
    rows.select.groupBy = []
    const metrics = new Map([
      [node.min.id, edge('min')],
      [node.max.id, edge('max')],
    ])
    return extend({ ...rows, grouped: true, item: () => undefined }, { metrics })
  },
}

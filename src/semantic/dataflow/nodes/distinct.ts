import type { GroupByItem } from '../../group-by-item.js'
import type { NodeKind } from '../node-kind.js'
import type { DataflowNode, NodeBase, PlanBuilder } from '../plan.js'
import { asRows, itemOf } from '../relation.js'
import { stepLabel } from '../step-label.js'

/** Each combination of the items once. */
export interface DistinctNode extends NodeBase {
  readonly kind: 'distinct'
  readonly input: DataflowNode
  readonly items: readonly GroupByItem[]
}

export function distinct(builder: PlanBuilder, input: DataflowNode, items: readonly GroupByItem[]): DistinctNode {
  return builder.node({ kind: 'distinct', input, items }, `${input.id}|${items.map((item) => item.name).join()}`)
}

export const distinctKind: NodeKind<DistinctNode> = {
  inputs: (node) => [node.input],
  withInputs: (node, [input], builder) => distinct(builder, input!, node.items),
  describe: (node) => `take each ${node.items.map((item) => item.name).join(', ')} once`,
  toSql: (node, context) => {
    const rows = asRows(context.relation(node.input), stepLabel(node.input))
    for (const item of node.items) rows.select.columns.set(item.name, itemOf(rows, item))
    rows.select.groupBy = node.items.map((item) => item.name)
    return { ...rows, grouped: true, item: (item) => rows.select.columns.get(item.name) }
  },
}

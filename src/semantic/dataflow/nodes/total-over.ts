import type { SqlExpr } from '../../../sql/plan/expr.js'
import type { GroupByItem } from '../../group-by-item.js'
import type { NodeKind } from '../node-kind.js'
import type { DataflowNode, MetricColumn, NodeBase, PlanBuilder } from '../plan.js'
import { extend, itemOf, metricOf, wrap } from '../relation.js'

/** Beside each row the sum of a metric over all rows, or over those with the same `within`. */
export interface TotalOverNode extends NodeBase {
  readonly kind: 'total-over'
  readonly input: DataflowNode
  readonly of: MetricColumn
  readonly column: MetricColumn
  readonly within: readonly GroupByItem[]
}

export function totalOver(builder: PlanBuilder, parts: Omit<TotalOverNode, 'id' | 'kind'>): TotalOverNode {
  const within = parts.within.map((item) => item.name).join()
  return builder.node(
    { kind: 'total-over', ...parts },
    [parts.input.id, parts.of.id, parts.column.id, within].join('|'),
  )
}

export const totalOverKind: NodeKind<TotalOverNode> = {
  inputs: (node) => [node.input],
  withInputs: (node, [input], builder) => totalOver(builder, { ...node, input: input! }),
  describe: (node) => {
    const within = node.within.length === 0 ? 'all rows' : `each ${node.within.map((item) => item.name).join(' and ')}`
    return `add up ${node.of.label} over ${within}`
  },
  toSql: (node, context) => {
    const input = wrap(context.relation(node.input), node.of.label)
    const sum: SqlExpr = {
      kind: 'window',
      fn: 'SUM',
      args: [metricOf(input, node.of)],
      partitionBy: node.within.map((item) => itemOf(input, item)),
      orderBy: [],
    }
    return extend(input, { metrics: new Map([[node.column.id, sum]]) })
  },
}

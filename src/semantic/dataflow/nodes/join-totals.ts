import { and, compare, isNull, or, type SqlExpr } from '../../../sql/plan/expr.js'
import type { GroupByItem } from '../../group-by-item.js'
import type { NodeKind } from '../node-kind.js'
import type { DataflowNode, MetricColumn, NodeBase, PlanBuilder } from '../plan.js'
import { asSource, extend, wrap } from '../relation.js'

/** Beside each row the value of a metric with fewer keys: the total that the row is a part of. */
export interface JoinTotalsNode extends NodeBase {
  readonly kind: 'join-totals'
  readonly input: DataflowNode
  readonly totals: DataflowNode
  readonly of: MetricColumn
  readonly column: MetricColumn
  /** All keys of the totals. */
  readonly keys: readonly GroupByItem[]
}

export function joinTotals(builder: PlanBuilder, parts: Omit<JoinTotalsNode, 'id' | 'kind'>): JoinTotalsNode {
  const keys = parts.keys.map((item) => item.name).join()
  const key = [parts.input.id, parts.totals.id, parts.of.id, parts.column.id, keys].join('|')
  return builder.node({ kind: 'join-totals', ...parts }, key)
}

export const joinTotalsKind: NodeKind<JoinTotalsNode> = {
  inputs: (node) => [node.input, node.totals],
  withInputs: (node, [input, totals], builder) => joinTotals(builder, { ...node, input: input!, totals: totals! }),
  describe: (node) => {
    const by = node.keys.length === 0 ? '' : ` by ${node.keys.map((item) => item.name).join(', ')}`
    return `put ${node.of.label} as a whole beside its parts${by}`
  },
  toSql: (node, context) => {
    const input = wrap(context.relation(node.input), 'parts')
    const totals = asSource(context.relation(node.totals), `${node.of.label}_total`)
    const on = node.keys.map((key) => sameValue(input.item(key)!, totals.item(key)!))
    const value = totals.metric(node.of)!
    input.select.joins.push({ type: on.length === 0 ? 'CROSS' : 'LEFT OUTER', source: totals.source, on })
    return extend(input, { metrics: new Map([[node.column.id, value]]) })
  },
}

/** Equal, where NULL is equal to NULL. */
function sameValue(left: SqlExpr, right: SqlExpr): SqlExpr {
  return or([compare('=', left, right), and([isNull(left), isNull(right)])!])!
}

import type { PeriodAggregation } from '../../../manifest/semantic-manifest.js'
import { column, compare, numberLiteral, type SqlExpr } from '../../../sql/plan/expr.js'
import { selectFrom, subquerySource } from '../../../sql/plan/select.js'
import type { GroupByItem, TimeItem } from '../../group-by-item.js'
import type { NodeKind } from '../node-kind.js'
import type { DataflowNode, MetricColumn, NodeBase, PlanBuilder } from '../plan.js'
import { extend, itemOf, metricOf, type Relation, wrap } from '../relation.js'

/** One value per period of a series with finer times: its first, its last, or their average. */
export interface ReaggregateNode extends NodeBase {
  readonly kind: 'reaggregate'
  readonly input: DataflowNode
  readonly column: MetricColumn
  readonly of: MetricColumn
  /** The finer time, which is gone afterwards. */
  readonly time: TimeItem
  readonly keys: readonly GroupByItem[]
  readonly choice: PeriodAggregation
}

export function reaggregate(builder: PlanBuilder, parts: Omit<ReaggregateNode, 'id' | 'kind'>): ReaggregateNode {
  const keys = parts.keys.map((item) => item.name).join()
  const key = [parts.input.id, parts.column.id, parts.of.id, parts.time.name, keys, parts.choice].join('|')
  return builder.node({ kind: 'reaggregate', ...parts }, key)
}

export const reaggregateKind: NodeKind<ReaggregateNode> = {
  inputs: (node) => [node.input],
  withInputs: (node, [input], builder) => reaggregate(builder, { ...node, input: input! }),
  describe: (node) =>
    `take the ${node.choice} ${node.column.label} of each ${node.keys.map((item) => item.name).join(', ')}`,
  toSql: (node, context) => {
    const input = wrap(context.relation(node.input), node.of.label)
    return node.choice === 'average' ? averaged(node, input) : chosen(node, input)
  },
}

function averaged(node: ReaggregateNode, input: Relation): Relation {
  const arg = metricOf(input, node.of)
  for (const key of node.keys) input.select.columns.set(key.name, itemOf(input, key))
  input.select.groupBy = node.keys.map((key) => key.name)
  const average: SqlExpr = { kind: 'aggregate', fn: 'average', arg, filter: undefined }
  return extend({ ...input, grouped: true }, { metrics: new Map([[node.column.id, average]]) })
}

/** The row of the first or last time in each period. */
function chosen(node: ReaggregateNode, input: Relation): Relation {
  const { select } = input
  for (const key of node.keys) select.columns.set(key.name, itemOf(input, key))
  select.columns.set(node.column.label, metricOf(input, node.of))
  select.columns.set('place_in_period', {
    kind: 'window',
    fn: 'ROW_NUMBER',
    args: [],
    partitionBy: node.keys.map((key) => itemOf(input, key)),
    orderBy: [{ expr: itemOf(input, node.time), descending: node.choice === 'last' }],
  })
  const source = subquerySource(select, node.column.label)
  const outer = selectFrom(source)
  outer.where.push(compare('=', column(source, 'place_in_period'), numberLiteral(1)))
  const keys = new Set(node.keys.map((key) => key.name))
  const relation: Relation = {
    select: outer,
    grouped: false,
    item: (item) => (keys.has(item.name) ? column(source, item.name) : undefined),
    metric: () => undefined,
    measure: () => undefined,
    bare: (name) => (keys.has(name) ? column(source, name) : undefined),
    passed: input.passed,
  }
  return extend(relation, { metrics: new Map([[node.column.id, column(source, node.column.label)]]) })
}

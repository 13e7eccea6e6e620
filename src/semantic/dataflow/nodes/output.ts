import type { SqlExpr } from '../../../sql/plan/expr.js'
import type { GroupByItem } from '../../group-by-item.js'
import type { NodeKind } from '../node-kind.js'
import type { DataflowNode, MetricColumn, NodeBase, PlanBuilder } from '../plan.js'
import { itemOf, metricOf, type Relation, wrap } from '../relation.js'

/** The columns of the answer, by their names and in their order, sorted and cut off. */
export interface OutputNode extends NodeBase {
  readonly kind: 'output'
  readonly input: DataflowNode
  readonly columns: readonly OutputColumn[]
  readonly orderBy: readonly { readonly column: string; readonly descending: boolean }[]
  readonly limit: number | undefined
}

export type OutputColumn =
  | { readonly name: string; readonly item: GroupByItem }
  | { readonly name: string; readonly metric: MetricColumn }

export function output(builder: PlanBuilder, parts: Omit<OutputNode, 'id' | 'kind'>): OutputNode {
  const key = [
    parts.input.id,
    parts.columns.map((column) => `${column.name}=${'item' in column ? column.item.name : column.metric.id}`).join(';'),
    parts.orderBy.map((order) => `${order.column}${order.descending ? ' desc' : ''}`).join(),
    parts.limit ?? '',
  ].join('|')
  return builder.node({ kind: 'output', ...parts }, key)
}

export const outputKind: NodeKind<OutputNode> = {
  inputs: (node) => [node.input],
  withInputs: (node, [input], builder) => output(builder, { ...node, input: input! }),
  describe: (node) => {
    const order = node.orderBy.map((key) => `${key.column}${key.descending ? ' descending' : ''}`)
    return [
      `return ${node.columns.map((column) => column.name).join(', ')}`,
      ...(order.length === 0 ? [] : [`ordered by ${order.join(', ')}`]),
      ...(node.limit === undefined ? [] : [`at most ${node.limit} rows`]),
    ].join(', ')
  },
  toSql: (node, context) => {
    const relation = finished(node, context.relation(node.input))
    const { select } = relation
    const exprs = node.columns.map((column): [string, SqlExpr] => {
      return [column.name, 'item' in column ? itemOf(relation, column.item) : metricOf(relation, column.metric)]
    })
    const keyExprs = (select.groupBy ?? []).map((name) => select.columns.get(name))
    select.columns.clear()
    for (const [name, expr] of exprs) select.columns.set(name, expr)
    if (select.groupBy !== undefined) {
      select.groupBy = exprs.filter(([, expr]) => keyExprs.includes(expr)).map(([name]) => name)
    }
    select.orderBy = node.orderBy.map((key) => ({ name: key.column, descending: key.descending }))
    select.limit = node.limit
    return relation
  },
}

/** A statement whose groups are all columns of the answer; else one over it, so that no group is lost or split. */
function finished(node: OutputNode, input: Relation): Relation {
  const keys = input.select.groupBy ?? []
  const wanted = new Set(node.columns.flatMap((column) => ('item' in column ? [column.item.name] : [])))
  return input.grouped && keys.some((key) => !wanted.has(key)) ? wrap(input, 'metrics') : input
}

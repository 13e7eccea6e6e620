import { coalesce, compare, numberLiteral, type SqlExpr } from '../../../sql/plan/expr.js'
import { selectFrom } from '../../../sql/plan/select.js'
import type { GroupByItem } from '../../group-by-item.js'
import type { NodeKind } from '../node-kind.js'
import type { DataflowNode, MetricColumn, NodeBase, PlanBuilder } from '../plan.js'
import { asSource } from '../relation.js'

/** The metrics of several inputs in one row per combination of keys, which may be in some of them only. */
export interface CombineNode extends NodeBase {
  readonly kind: 'combine'
  readonly inputs: readonly CombineInput[]
  readonly keys: readonly GroupByItem[]
}

export interface CombineInput {
  readonly node: DataflowNode
  readonly columns: readonly CombinedColumn[]
}

export interface CombinedColumn {
  readonly column: MetricColumn
  /** What stands for a missing value, also in rows that come from another input. */
  readonly fill: number | undefined
}

export function combine(
  builder: PlanBuilder,
  inputs: readonly CombineInput[],
  keys: readonly GroupByItem[],
): CombineNode {
  const key = [
    inputs
      .map((input) => `${input.node.id}:${input.columns.map((c) => `${c.column.id}?${c.fill ?? ''}`).join()}`)
      .join(';'),
    keys.map((item) => item.name).join(),
  ].join('|')
  return builder.node({ kind: 'combine', inputs, keys }, key)
}

export const combineKind: NodeKind<CombineNode> = {
  inputs: (node) => node.inputs.map((input) => input.node),
  withInputs: (node, inputs, builder) =>
    combine(
      builder,
      node.inputs.map((input, index) => ({ ...input, node: inputs[index]! })),
      node.keys,
    ),
  describe: (node) => {
    const names = node.inputs.map((input) => input.columns.map((column) => column.column.label).join(', '))
    const by = node.keys.length === 0 ? '' : ` by ${node.keys.map((item) => item.name).join(', ')}`
    return `put together ${names.join(' | ')}${by}`
  },
  toSql: (node, context) => {
    const sources = node.inputs.map((input) => ({
      input,
      from: asSource(context.relation(input.node), input.columns[0]?.column.label ?? 'metric'),
    }))
    const [first, ...others] = sources
    const select = selectFrom(first!.from.source)
    const seen = new Map<string, SqlExpr[]>(node.keys.map((key) => [key.name, [first!.from.item(key)!]]))
    for (const { from } of others) {
      const on = node.keys.map((key) => compare('=', coalesce([...seen.get(key.name)!]), from.item(key)!))
      select.joins.push({ type: node.keys.length === 0 ? 'CROSS' : 'FULL OUTER', source: from.source, on })
      for (const key of node.keys) seen.get(key.name)!.push(from.item(key)!)
    }
    const items = new Map([...seen].map(([name, exprs]) => [name, coalesce(exprs)]))
    const grouped = node.keys.length > 0
    const metrics = new Map<string, SqlExpr>()
    const metric = ({ id }: MetricColumn): SqlExpr | undefined => {
      let known = metrics.get(id)
      for (const { input, from } of known === undefined ? sources : []) {
        const found = input.columns.find(({ column }) => column.id === id)
        const value = found && from.metric(found.column)
        if (value === undefined) continue
        // Keys that are NULL do not find each other in the join: grouping brings their rows together.
        const one: SqlExpr = grouped ? { kind: 'aggregate', fn: 'max', arg: value, filter: undefined } : value
        const fill = found?.fill
        known = fill === undefined ? one : { kind: 'call', name: 'COALESCE', args: [one, numberLiteral(fill)] }
        metrics.set(id, known)
      }
      return known
    }
    // Without keys there are only columns: a statement must have one even where nobody asks for it.
    if (!grouped) for (const { input } of sources) for (const { column } of input.columns) metric(column)
    if (grouped) {
      for (const [name, expr] of items) select.columns.set(name, expr)
      select.groupBy = [...items.keys()]
    }
    return {
      select,
      grouped,
      item: (item) => items.get(item.name),
      metric,
      measure: () => undefined,
      bare: (name) => items.get(name),
      passed: new Set(),
      computed: !grouped,
    }
  },
}

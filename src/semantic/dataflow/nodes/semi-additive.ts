import { column, compare, comparedTime, type SqlExpr } from '../../../sql/plan/expr.js'
import { subquerySource } from '../../../sql/plan/select.js'
import type { EntityItem, TimeItem } from '../../group-by-item.js'
import { extremeOf } from '../extreme.js'
import type { NodeKind } from '../node-kind.js'
import type { DataflowNode, NodeBase, PlanBuilder } from '../plan.js'
import { asRows, itemOf } from '../relation.js'
import { stepLabel } from '../step-label.js'

/**
 * Only the rows of the first or last time of each group: balances may be summed over accounts, not over days.
 */
export interface SemiAdditiveNode extends NodeBase {
  readonly kind: 'semi-additive'
  readonly input: DataflowNode
  readonly time: TimeItem
  readonly choice: 'min' | 'max'
  readonly groupings: readonly EntityItem[]
  /** The time the query groups by: the choice is made within each of its periods. */
  readonly queriedTime: TimeItem | undefined
}

export function semiAdditive(builder: PlanBuilder, parts: Omit<SemiAdditiveNode, 'id' | 'kind'>): SemiAdditiveNode {
  const key = [
    parts.input.id,
    parts.time.name,
    parts.choice,
    parts.groupings.map((entity) => entity.name).join(),
    parts.queriedTime?.name ?? '',
  ].join('|')
  return builder.node({ kind: 'semi-additive', ...parts }, key)
}

export const semiAdditiveKind: NodeKind<SemiAdditiveNode> = {
  inputs: (node) => [node.input],
  withInputs: (node, [input], builder) => semiAdditive(builder, { ...node, input: input! }),
  describe: (node) => {
    const groups = [...node.groupings, ...(node.queriedTime === undefined ? [] : [node.queriedTime])]
    const within = groups.length === 0 ? '' : ` of each ${groups.map((item) => item.name).join(' and ')}`
    return `keep the rows of the ${node.choice === 'min' ? 'first' : 'last'} ${node.time.element}${within}`
  },
  toSql: (node, context) => {
    const rows = asRows(context.relation(node.input), stepLabel(node.input))
    const chosen = asRows(context.relation(node.input), stepLabel(node.input))
    const keys = [...node.groupings, ...(node.queriedTime === undefined ? [] : [node.queriedTime])]
    for (const key of keys) chosen.select.columns.set(key.name, itemOf(chosen, key))
    const name = `${node.time.name}__${node.choice}`
    chosen.select.groupBy = keys.map((key) => key.name)
    chosen.select.columns.set(name, extremeOf(comparedTime(itemOf(chosen, node.time)), node.choice))
    const source = subquerySource(chosen.select, node.choice === 'min' ? 'first_rows' : 'last_rows')
    const on: SqlExpr[] = [compare('=', comparedTime(itemOf(rows, node.time)), column(source, name))]
    for (const entity of node.groupings) on.push(compare('=', itemOf(rows, entity), column(source, entity.name)))
    rows.select.joins.push({ type: 'INNER', source, on })
    return rows
  },
}

import { and, type ColumnExpr, eachColumn, or } from '../../../sql/plan/expr.js'
import type { GroupByItem } from '../../group-by-item.js'
import type { BoundFilter } from '../../query/bound-filter.js'
import { filterExpr } from '../filter-expr.js'
import type { NodeKind } from '../node-kind.js'
import type { DataflowNode, NodeBase, PlanBuilder } from '../plan.js'
import { extend, type Relation } from '../relation.js'

/** Only the rows for which all filters hold. */
export interface FilterNode extends NodeBase {
  readonly kind: 'filter'
  readonly input: DataflowNode
  readonly filters: readonly BoundFilter[]
  /** Beside them, all filters of one of these lists must hold; empty: no such condition. */
  readonly anyOf: readonly (readonly BoundFilter[])[]
  /** The items of the query: a filter may name their columns without an object. */
  readonly visible: readonly GroupByItem[]
}

/** No step at all for no filters; each filter once. */
export function filter(
  builder: PlanBuilder,
  input: DataflowNode,
  filters: readonly BoundFilter[],
  visible: readonly GroupByItem[],
): DataflowNode {
  const unique = [...new Map(filters.map((candidate) => [candidate.key, candidate])).values()]
  return unique.length === 0 ? input : filterNode(builder, { input, filters: unique, anyOf: [], visible })
}

/** Only the rows for which all filters of at least one list hold. */
export function filterAny(
  builder: PlanBuilder,
  input: DataflowNode,
  anyOf: readonly (readonly BoundFilter[])[],
  visible: readonly GroupByItem[],
): DataflowNode {
  const unique = [...new Map(anyOf.map((list) => [listKey(list), list])).values()]
  return filterNode(builder, { input, filters: [], anyOf: unique, visible })
}

function filterNode(builder: PlanBuilder, parts: Omit<FilterNode, 'id' | 'kind'>): FilterNode {
  const visible = parts.visible.map((item) => item.name).join()
  const key = [parts.input.id, listKey(parts.filters), parts.anyOf.map(listKey).join('|or|'), visible].join('|')
  return builder.node({ kind: 'filter', ...parts }, key)
}

function listKey(list: readonly BoundFilter[]): string {
  return list.map((candidate) => candidate.key).join('&')
}

export const filterKind: NodeKind<FilterNode> = {
  inputs: (node) => [node.input],
  withInputs: (node, [input], builder) => filterNode(builder, { ...node, input: input! }),
  describe: (node) => {
    const lists = node.anyOf.map((list) => list.map(describeFilter).join(' and ')).join(', or ')
    const all = [...node.filters.map(describeFilter), ...(lists === '' ? [] : [lists])]
    return `keep rows where ${all.join(' and ')}`
  },
  toSql: (node, context) => {
    const input = context.relation(node.input)
    const relation = withVisible(input, node.visible)
    for (const candidate of node.filters) {
      if (input.passed.has(candidate.key)) continue
      const condition = filterExpr(candidate, relation)
      if (!input.grouped) input.select.where.push(condition)
      else if (usesOnlyKeys(condition, input)) input.select.where.push(condition)
      else input.select.having.push(condition)
    }
    const alternatives = node.anyOf.flatMap(
      (list) => and(list.map((candidate) => filterExpr(candidate, relation))) ?? [],
    )
    const alternative = or(alternatives)
    if (alternative !== undefined) input.select.where.push(alternative)
    return extend(input, { passed: node.filters.map((candidate) => candidate.key) })
  },
}

export function describeFilter(candidate: BoundFilter): string {
  const parts = candidate.text.parts.map((part) => {
    if (typeof part === 'string') return part
    if ('hole' in part) return candidate.holes[part.hole]?.name ?? ''
    return 'string' in part ? `'${part.string}'` : part.column
  })
  return parts.join('').trim()
}

/** The relation with the columns of the query's items known by their names. */
export function withVisible(relation: Relation, visible: readonly GroupByItem[]): Relation {
  const byName = new Map(visible.map((item) => [item.name, item]))
  return {
    ...relation,
    bare: (name) => {
      const item = byName.get(name.toLowerCase())
      return (item && relation.item(item)) ?? relation.bare(name)
    },
  }
}

/** A condition on group keys alone holds before grouping just as after it. */
function usesOnlyKeys(condition: Parameters<typeof eachColumn>[0], { select }: Relation): boolean {
  const keys = new Set<string>()
  for (const name of select.groupBy ?? []) {
    const expr = select.columns.get(name)
    if (expr !== undefined) eachColumn(expr, (key) => keys.add(columnKey(key)))
  }
  let only = select.groupBy !== undefined
  eachColumn(condition, (used) => {
    if (!keys.has(columnKey(used))) only = false
  })
  return only

  function columnKey(expr: ColumnExpr): string {
    return `${sourceIndex(expr)}.${expr.name}`
  }
  function sourceIndex(expr: ColumnExpr): number {
    return [select.from, ...select.joins.map((join) => join.source)].indexOf(expr.source)
  }
}

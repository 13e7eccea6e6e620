import { internalError } from '../../core/diagnostic.js'
import { type ColumnExpr, childExprs, column, type SqlExpr } from '../../sql/plan/expr.js'
import { type SelectStatement, type SqlSource, selectFrom, subquerySource } from '../../sql/plan/select.js'
import type { GroupByItem } from '../group-by-item.js'
import type { SimpleMetric } from '../metrics/definition.js'
import type { MetricColumn } from './plan.js'

/**
 * A statement under construction and what can be asked of it. Columns are expressions until someone selects them, so
 * steps that only add columns, joins or conditions go into the same SELECT.
 */
export interface Relation {
  readonly select: SelectStatement
  /** Rows are aggregated: what is added now is computed after grouping. */
  readonly grouped: boolean
  /** The expression of an item or metric column; undefined if this relation does not have it. */
  item(item: GroupByItem): SqlExpr | undefined
  metric(column: MetricColumn): SqlExpr | undefined
  /** The value that a simple metric aggregates, row by row. */
  measure(metric: SimpleMetric): SqlExpr | undefined
  /** What a bare word in a filter means here. */
  bare(name: string): SqlExpr | undefined
  /** Keys of the filters that all rows are known to pass. */
  readonly passed: ReadonlySet<string>
  /** Has metrics that are computed rather than selected: such must be in the rows before an outer join adds others. */
  readonly computed?: boolean
}

export function itemOf(relation: Relation, item: GroupByItem): SqlExpr {
  const expr = relation.item(item)
  if (expr === undefined) throw internalError(`The plan asks a step for '${item.name}', which it does not have.`)
  return expr
}

export function metricOf(relation: Relation, metric: MetricColumn): SqlExpr {
  const expr = relation.metric(metric)
  if (expr === undefined)
    throw internalError(`The plan asks a step for metric '${metric.label}', which it does not have.`)
  return expr
}

export function measureOf(relation: Relation, metric: SimpleMetric): SqlExpr {
  const expr = relation.measure(metric)
  if (expr === undefined)
    throw internalError(`The plan asks a step for the values of '${metric.name}', which it does not have.`)
  return expr
}

/** Selects `expr` as `name`; when the name is taken by something else, under a numbered one. Returns the name. */
export function selectAs(select: SelectStatement, name: string, expr: SqlExpr): string {
  let free = name
  for (let count = 2; select.columns.has(free); count++) {
    if (select.columns.get(free) === expr) return free
    free = `${name}_${count}`
  }
  select.columns.set(free, expr)
  return free
}

/** A source that stands for a relation, and its columns seen from outside. */
export interface RelationSource {
  readonly source: SqlSource
  item(item: GroupByItem): SqlExpr | undefined
  metric(column: MetricColumn): SqlExpr | undefined
  measure(metric: SimpleMetric): SqlExpr | undefined
}

/**
 * The relation as something to select from: a sub-query that selects just what is asked of it; or, where it is nothing
 * but another source, that source.
 */
export function asSource(relation: Relation, label: string): RelationSource {
  if (isPlainSource(relation)) {
    return {
      source: relation.select.from,
      item: (item) => relation.item(item),
      metric: (metric) => relation.metric(metric),
      measure: (metric) => relation.measure(metric),
    }
  }
  const source = subquerySource(relation.select, label)
  const outer = exporter(relation, source)
  return { source, ...outer }
}

/** Columns of a relation seen through `source`, selected in the relation on first use. */
export function exporter(relation: Relation, source: SqlSource) {
  const names = new Map<string, ColumnExpr>()
  const through = (key: string, name: string, expr: SqlExpr | undefined): ColumnExpr | undefined => {
    if (expr === undefined) return undefined
    let outside = names.get(key)
    if (outside === undefined) {
      outside = column(source, selectAs(relation.select, name, expr))
      names.set(key, outside)
    }
    return outside
  }
  return {
    item: (item: GroupByItem) => through(item.name, item.name, relation.item(item)),
    metric: (metric: MetricColumn) => through(`metric ${metric.id}`, metric.label, relation.metric(metric)),
    measure: (metric: SimpleMetric) => through(`measure ${metric.name}`, metric.name, relation.measure(metric)),
  }
}

/** A fresh statement over the relation. */
export function wrap(relation: Relation, label: string): Relation {
  const { source, item, metric, measure } = asSource(relation, label)
  return {
    select: selectFrom(source),
    grouped: false,
    item,
    metric,
    measure,
    bare: () => undefined,
    passed: relation.passed,
  }
}

/** Ungrouped rows: the relation itself, or a fresh statement over it. */
export function asRows(relation: Relation, label: string): Relation {
  return relation.grouped || relation.select.limit !== undefined ? wrap(relation, label) : relation
}

/** Nothing but `FROM source`. */
function isPlainSource({ select, grouped, computed }: Relation): boolean {
  return (
    !grouped &&
    !computed &&
    select.from.kind !== 'table' &&
    select.joins.length === 0 &&
    select.where.length === 0 &&
    select.columns.size === 0 &&
    select.limit === undefined
  )
}

/** A relation that adds to, or replaces, columns of another. */
export function extend(
  relation: Relation,
  changes: {
    readonly items?: ReadonlyMap<string, SqlExpr>
    readonly metrics?: ReadonlyMap<string, SqlExpr>
    readonly passed?: Iterable<string>
  },
): Relation {
  return {
    ...relation,
    item: (item) => changes.items?.get(item.name) ?? relation.item(item),
    metric: (metric) => changes.metrics?.get(metric.id) ?? relation.metric(metric),
    bare: (name) => changes.items?.get(name) ?? relation.bare(name),
    passed: changes.passed === undefined ? relation.passed : new Set([...relation.passed, ...changes.passed]),
    computed: relation.computed || [...(changes.metrics?.values() ?? [])].some((expr) => expr.kind !== 'column'),
  }
}

/** How many nodes an expression has: a measure of the text it makes. */
export function exprSize(expr: SqlExpr): number {
  return childExprs(expr).reduce((size, child) => size + exprSize(child), 1)
}

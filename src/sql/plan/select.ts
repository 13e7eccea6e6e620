import type { SqlExpr } from './expr.js'

/** Something a FROM clause can name. The object is the identity: columns point at it, the alias is chosen when rendering. */
export type SqlSource = TableSource | SubquerySource | CteSource

export interface TableSource {
  readonly kind: 'table'
  /** As rendered for the warehouse, quotes included. */
  readonly relation: string
  /** What a reader would call it; made unique when rendering. */
  readonly label: string
  /** What the table stands for, to whoever made the plan. */
  readonly origin?: TableOrigin | undefined
}

export interface TableOrigin {
  readonly kind: 'semantic-model' | 'time-spine'
  readonly name: string
}

export interface SubquerySource {
  readonly kind: 'subquery'
  readonly select: SelectStatement
  readonly label: string
}

/** A use of a common table expression. */
export interface CteSource {
  readonly kind: 'cte'
  readonly cte: CommonTable
  readonly label: string
}

export interface CommonTable {
  readonly label: string
  readonly select: SelectStatement
}

export type JoinType = 'LEFT OUTER' | 'INNER' | 'FULL OUTER' | 'CROSS'

export interface SqlJoin {
  readonly type: JoinType
  readonly source: SqlSource
  /** All of them must hold; empty for a cross join. */
  readonly on: SqlExpr[]
}

/**
 * A SELECT while it is put together: clauses are added and columns named as they are asked for, so that only what is
 * used is ever selected.
 */
export interface SelectStatement {
  from: SqlSource
  readonly joins: SqlJoin[]
  readonly where: SqlExpr[]
  /** By output name, in order. */
  readonly columns: Map<string, SqlExpr>
  /** Output names the rows are grouped by; undefined: not grouped. */
  groupBy: readonly string[] | undefined
  readonly having: SqlExpr[]
  orderBy: readonly { readonly name: string; readonly descending: boolean }[]
  limit: number | undefined
  /** A comment line above, saying what this part is. */
  comment?: string
}

export function selectFrom(from: SqlSource): SelectStatement {
  return {
    from,
    joins: [],
    where: [],
    columns: new Map(),
    groupBy: undefined,
    having: [],
    orderBy: [],
    limit: undefined,
  }
}

export function tableSource(relation: string, label: string, origin?: TableOrigin): TableSource {
  return { kind: 'table', relation, label, origin }
}

export function subquerySource(select: SelectStatement, label: string): SubquerySource {
  return { kind: 'subquery', select, label }
}

/** The sources of a statement, FROM first. */
export function sourcesOf(select: SelectStatement): SqlSource[] {
  return [select.from, ...select.joins.map((join) => join.source)]
}

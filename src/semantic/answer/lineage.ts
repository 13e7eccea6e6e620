import { childExprs, eachColumn, type SqlExpr } from '../../sql/plan/expr.js'
import { type SelectStatement, type SqlSource, sourcesOf, type TableSource } from '../../sql/plan/select.js'

/** A column of a table, or, where an expression names none (`count(*)`), the table. */
export interface LineageColumn {
  /** As the SQL names it: `"db"."schema"."orders"`. */
  readonly relation: string
  readonly semanticModel: string | undefined
  readonly column: string | undefined
}

export interface LineageTable {
  readonly relation: string
  /** The semantic models over this table that the query goes through; none for a time spine. */
  readonly semanticModels: readonly string[]
  /** Every column read: for values, joins or filters. */
  readonly columns: readonly string[]
}

/** Where an answer comes from. */
export interface QueryLineage {
  readonly tables: readonly LineageTable[]
  /** By column of the answer: what its values are made of. Filters and joins are not part of it. */
  readonly columns: ReadonlyMap<string, readonly LineageColumn[]>
}

/** Follows the columns of a statement down to tables. */
export function traceLineage(select: SelectStatement): QueryLineage {
  const tracer = new Tracer()
  const columns = new Map([...select.columns].map(([name, expr]) => [name, tracer.origins(expr, select)]))
  return { columns, tables: tablesOf(select) }
}

class Tracer {
  readonly #known = new Map<SelectStatement, Map<string, readonly LineageColumn[]>>()

  /** What the value of an expression in `select` is made of. */
  origins(expr: SqlExpr, select: SelectStatement): readonly LineageColumn[] {
    const found = new Map<string, LineageColumn>()
    this.#collect(expr, select, found)
    if (found.size === 0) for (const origin of rowOrigins(select)) found.set(keyOf(origin), origin)
    return [...found.values()]
  }

  #collect(expr: SqlExpr, select: SelectStatement, found: Map<string, LineageColumn>): void {
    if (expr.kind === 'column') {
      for (const origin of this.#ofColumn(expr.source, expr.name)) found.set(keyOf(origin), origin)
      return
    }
    if ((expr.kind === 'aggregate' || expr.kind === 'percentile') && !hasColumn(expr.arg)) {
      // SUM(1) counts rows.
      for (const origin of rowOrigins(select)) found.set(keyOf(origin), origin)
    }
    for (const child of childExprs(expr)) this.#collect(child, select, found)
  }

  #ofColumn(source: SqlSource, name: string): readonly LineageColumn[] {
    if (source.kind === 'table') return [tableColumn(source, name)]
    const inner = source.kind === 'cte' ? source.cte.select : source.select
    const byName = this.#known.get(inner) ?? new Map<string, readonly LineageColumn[]>()
    this.#known.set(inner, byName)
    let origins = byName.get(name)
    if (origins === undefined) {
      const expr = inner.columns.get(name)
      origins = expr === undefined ? [] : this.origins(expr, inner)
      byName.set(name, origins)
    }
    return origins
  }
}

function hasColumn(expr: SqlExpr): boolean {
  return expr.kind === 'column' || childExprs(expr).some(hasColumn)
}

/** The tables whose rows a statement goes through, joined ones not counted. */
function rowOrigins({ from }: SelectStatement): LineageColumn[] {
  if (from.kind === 'table') return [tableColumn(from, undefined)]
  return rowOrigins(from.kind === 'cte' ? from.cte.select : from.select)
}

function tableColumn(source: TableSource, column: string | undefined): LineageColumn {
  const semanticModel = source.origin?.kind === 'semantic-model' ? source.origin.name : undefined
  return { relation: source.relation, semanticModel, column }
}

function keyOf({ relation, semanticModel, column }: LineageColumn): string {
  return JSON.stringify([relation, semanticModel ?? '', column ?? ''])
}

function tablesOf(select: SelectStatement): LineageTable[] {
  const tables = new Map<string, { models: Set<string>; columns: Set<string> }>()
  const entry = (source: TableSource) => {
    const known = tables.get(source.relation) ?? { models: new Set<string>(), columns: new Set<string>() }
    tables.set(source.relation, known)
    if (source.origin?.kind === 'semantic-model') known.models.add(source.origin.name)
    return known
  }
  const seen = new Set<SelectStatement>()
  const visit = (statement: SelectStatement): void => {
    if (seen.has(statement)) return
    seen.add(statement)
    for (const source of sourcesOf(statement)) {
      if (source.kind === 'table') entry(source)
      else visit(source.kind === 'cte' ? source.cte.select : source.select)
    }
    const exprs = [
      ...statement.columns.values(),
      ...statement.where,
      ...statement.having,
      ...statement.joins.flatMap((join) => join.on),
    ]
    for (const expr of exprs) {
      eachColumn(expr, ({ source, name }) => {
        if (source.kind === 'table') entry(source).columns.add(name)
      })
    }
  }
  visit(select)
  return [...tables].map(([relation, { models, columns }]) => ({
    relation,
    semanticModels: [...models],
    columns: [...columns],
  }))
}

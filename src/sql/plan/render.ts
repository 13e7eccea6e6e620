import { renderIdentifier, type SqlDialect } from './dialect.js'
import { childExprs, type SqlExpr } from './expr.js'
import { createExprRenderer, type RenderExpr } from './render-expr.js'
import { RESERVED_IDENTIFIERS } from './reserved-identifiers.js'
import { type CommonTable, type SelectStatement, type SqlSource, sourcesOf, type TableSource } from './select.js'

const INDENT = '  '

/** What stands in FROM for a table: its name, or a sub-select in parentheses. */
export type TableText = (table: TableSource) => string

/**
 * The SQL text of a statement with everything below it; common tables are written once, in WITH. `tableText` lets
 * something else be read wherever a table is: narrowed rows, masked columns.
 */
export function renderSelect(
  select: SelectStatement,
  dialect: SqlDialect,
  tableText: TableText = (table) => table.relation,
): string {
  const commonTables = collectCommonTables(select)
  const cteNames = nameCommonTables(commonTables, [select, ...commonTables.map((cte) => cte.select)])
  const aliases = new Map<SqlSource, string>()
  for (const statement of [select, ...commonTables.map((cte) => cte.select)]) nameSources(statement, aliases, cteNames)

  const render = createExprRenderer(dialect, (source) => renderIdentifier(aliases.get(source) ?? source.label, dialect))
  const context: StatementContext = { dialect, aliases, cteNames, render, tableText }
  const body = renderStatement(select, context)
  if (commonTables.length === 0) return body
  const tables = commonTables.map((cte) => {
    return `${renderIdentifier(cteNames.get(cte)!, dialect)} AS (\n${indent(renderStatement(cte.select, context))}\n)`
  })
  return `WITH ${tables.join(',\n')}\n${body}`
}

interface StatementContext {
  readonly dialect: SqlDialect
  readonly aliases: ReadonlyMap<SqlSource, string>
  readonly cteNames: ReadonlyMap<CommonTable, string>
  readonly render: RenderExpr
  readonly tableText: TableText
}

/** Hands out names, each once: `bookings`, `bookings_2`, ... */
class NameGiver {
  readonly #given = new Map<string, number>()

  /** Takes a name out of those to be given. */
  reserve(name: string): void {
    this.#given.set(name.toLowerCase(), (this.#given.get(name.toLowerCase()) ?? 0) + 1)
  }

  give(label: string): string {
    const base = RESERVED_IDENTIFIERS.has(label.toLowerCase()) ? `${label}_table` : label
    const uses = (this.#given.get(base.toLowerCase()) ?? 0) + 1
    this.#given.set(base.toLowerCase(), uses)
    return uses === 1 ? base : this.give(`${base}_${uses}`)
  }
}

/** Common tables get names that no table in the statement has, which they would hide. */
function nameCommonTables(
  commonTables: readonly CommonTable[],
  statements: readonly SelectStatement[],
): ReadonlyMap<CommonTable, string> {
  const names = new NameGiver()
  for (const statement of statements) reserveTables(statement, names)
  return new Map(commonTables.map((cte) => [cte, names.give(cte.label)]))
}

function reserveTables(select: SelectStatement, names: NameGiver): void {
  for (const source of sourcesOf(select)) {
    if (source.kind === 'table') names.reserve(source.relation.replaceAll(/["`]/g, ''))
    if (source.kind === 'subquery') reserveTables(source.select, names)
  }
}

/** Aliases, each once in its statement; common tables go by their own name where they can. */
function nameSources(
  select: SelectStatement,
  aliases: Map<SqlSource, string>,
  cteNames: ReadonlyMap<CommonTable, string>,
): void {
  const names = new NameGiver()
  for (const source of sourcesOf(select)) {
    aliases.set(source, names.give(source.kind === 'cte' ? cteNames.get(source.cte)! : source.label))
    if (source.kind === 'subquery') nameSources(source.select, aliases, cteNames)
  }
}

/** The common tables a statement needs, each after those it needs itself. */
function collectCommonTables(select: SelectStatement, found: CommonTable[] = []): CommonTable[] {
  for (const source of sourcesOf(select)) {
    if (source.kind === 'subquery') collectCommonTables(source.select, found)
    if (source.kind === 'cte' && !found.includes(source.cte)) {
      collectCommonTables(source.cte.select, found)
      found.push(source.cte)
    }
  }
  return found
}

function renderStatement(select: SelectStatement, context: StatementContext): string {
  const { render, dialect } = context
  const names = [...select.columns.keys()]
  const distinct = isDistinct(select)
  const columns = [...select.columns].map(([name, expr]) => renderColumn(name, expr, context))
  const lines = [
    ...(select.comment === undefined ? [] : [`-- ${select.comment}`]),
    distinct ? 'SELECT DISTINCT' : 'SELECT',
    indent(columns.join(',\n')),
    `FROM ${renderSource(select.from, context)}`,
  ]
  for (const join of select.joins) {
    lines.push(`${join.type} JOIN ${renderSource(join.source, context)}`)
    if (join.on.length > 0)
      lines.push(indent(`ON ${join.on.map((on) => render.condition(on)).join(`\n${INDENT}AND `)}`))
  }
  if (select.where.length > 0) lines.push(conjunction('WHERE', select.where, context))
  if (select.groupBy !== undefined && select.groupBy.length > 0 && !distinct) {
    lines.push(`GROUP BY ${select.groupBy.map((name) => names.indexOf(name) + 1).join(', ')}`)
  }
  if (select.having.length > 0) lines.push(conjunction('HAVING', select.having, context))
  if (select.orderBy.length > 0) {
    const keys = select.orderBy.map((key) => `${renderIdentifier(key.name, dialect)}${key.descending ? ' DESC' : ''}`)
    lines.push(`ORDER BY ${keys.join(', ')}`)
  }
  if (select.limit !== undefined) lines.push(`LIMIT ${select.limit}`)
  return lines.join('\n')
}

/** Grouped by all columns and nothing aggregated: the distinct rows. */
function isDistinct(select: SelectStatement): boolean {
  return (
    select.groupBy !== undefined &&
    select.groupBy.length === select.columns.size &&
    select.columns.size > 0 &&
    select.having.length === 0 &&
    ![...select.columns.values()].some(hasAggregate)
  )
}

function hasAggregate(expr: SqlExpr): boolean {
  return expr.kind === 'aggregate' || expr.kind === 'percentile' || childExprs(expr).some(hasAggregate)
}

function conjunction(keyword: string, conditions: readonly SqlExpr[], context: StatementContext): string {
  return `${keyword} ${conditions.map((condition) => context.render.condition(condition)).join(`\n${INDENT}AND `)}`
}

function renderColumn(name: string, expr: SqlExpr, { render, dialect }: StatementContext): string {
  const text = render(expr)
  const alias = renderIdentifier(name, dialect)
  return expr.kind === 'column' && expr.name === name && !expr.quoted ? text : `${text} AS ${alias}`
}

function renderSource(source: SqlSource, context: StatementContext): string {
  const alias = renderIdentifier(context.aliases.get(source) ?? source.label, context.dialect)
  if (source.kind === 'table') return `${context.tableText(source)} AS ${alias}`
  if (source.kind === 'subquery') return `(\n${indent(renderStatement(source.select, context))}\n) AS ${alias}`
  const name = renderIdentifier(context.cteNames.get(source.cte) ?? source.cte.label, context.dialect)
  return name === alias ? name : `${name} AS ${alias}`
}

/** Every line moved right, except where a line starts inside a string. */
function indent(text: string): string {
  if (!text.includes('\n')) return INDENT + text
  let quoted = false
  const lines: string[] = []
  for (const line of text.split('\n')) {
    lines.push(quoted || line === '' ? line : INDENT + line)
    for (const char of line) if (char === "'") quoted = !quoted
  }
  return lines.join('\n')
}

import type { Node, RangeSubselect, RangeVar, SelectStmt } from 'libpg-query'
import { refuse, SQLSTATE } from '../protocol/wire-error.js'
import { findTable, listedColumns, noSuchTable } from '../relations/served.js'
import { columnName, constantOf, namesOf } from '../statement/ast.js'
import { isStar } from './atoms.js'
import { baseContext } from './base-context.js'
import { type ExpressionContext, writeExpression } from './expression.js'
import { isMergeable } from './merge.js'
import { translateMetricBlock } from './metric-block.js'
import { lookupOf, metricSource } from './metric-source.js'
import { provenanceOf, refuseSummingAgain, type SourceColumns } from './provenance.js'
import { writeSort } from './sort.js'
import { joinSql, type Sql, sql } from './sql-text.js'
import type { OutputColumn, Translated, TranslationContext } from './translation.js'
import { windowClause } from './windows.js'

type Ctes = ReadonlyMap<string, readonly OutputColumn[] | null>

/**
 * Writes a select anew for the warehouse: relations become holes, metrics become metric queries, and of the rest only
 * what is on the lists passes.
 * @throws WireError with what cannot be answered rightly, and the nearest thing that can
 */
export function translateSelect(select: SelectStmt, context: TranslationContext): Translated {
  return translate(select, context, new Map())
}

function translate(select: SelectStmt, context: TranslationContext, outer: Ctes): Translated {
  if (select.intoClause !== undefined)
    refuse(SQLSTATE.readOnlyTransaction, 'SELECT INTO is not possible: nothing is written here')
  if (select.lockingClause !== undefined)
    refuse(SQLSTATE.readOnlyTransaction, 'rows cannot be locked: nothing is written here')
  const { prefix, ctes } = writeCtes(select, context, outer)
  const body = translateBody(select, context, ctes)
  return prefix === '' ? body : { ...body, sql: sql`${prefix}${body.sql}`, pure: null }
}

function translateBody(select: SelectStmt, context: TranslationContext, ctes: Ctes): Translated {
  if (select.op !== undefined && select.op !== 'SETOP_NONE') return translateSetOperation(select, context, ctes)
  const base = baseContext(context, (inner) => translate(inner, context, ctes).sql)
  const number = (node: Node | undefined): Sql | undefined => writeRowNumber(node, { ...base, column: () => [] })
  if (select.valuesLists !== undefined) return translateValues(select, { ...base, column: () => [] })
  const source = metricSource(select.fromClause, context, (name) => ctes.has(name))
  if (source !== undefined && isMergeable(select, source, lookupOf(source))) {
    return translateMetricBlock(select, source, base, number)
  }
  return translatePlain(select, context, ctes, base, number)
}

function writeCtes(select: SelectStmt, context: TranslationContext, outer: Ctes): { prefix: Sql | ''; ctes: Ctes } {
  const { withClause } = select
  if (withClause === undefined) return { prefix: '', ctes: outer }
  if (withClause.recursive === true)
    refuse(SQLSTATE.featureNotSupported, 'WITH RECURSIVE is not supported here', { location: withClause.location })
  const ctes = new Map(outer)
  const written = (withClause.ctes ?? []).map((each) => {
    if (!('CommonTableExpr' in each)) return refuse(SQLSTATE.syntaxError, 'this WITH is not supported')
    const { ctename = '', ctequery, aliascolnames, location } = each.CommonTableExpr
    if (ctequery === undefined || !('SelectStmt' in ctequery)) {
      return refuse(SQLSTATE.readOnlyTransaction, 'only SELECT is possible in WITH: nothing is written here', {
        location,
      })
    }
    const inner = translate(ctequery.SelectStmt, context, ctes)
    const names = namesOf(aliascolnames)
    ctes.set(ctename, renamed(inner.columns, names))
    const list = names.length === 0 ? '' : ` (${names.map((name) => context.dialect.quoteIdentifier(name)).join(', ')})`
    return sql`${context.dialect.quoteIdentifier(ctename)}${list} AS (${inner.sql})`
  })
  return { prefix: sql`WITH ${joinSql(written, ', ')} `, ctes }
}

function renamed(columns: readonly OutputColumn[] | null, names: readonly string[]): readonly OutputColumn[] | null {
  return columns?.map((column, index) => ({ ...column, name: names[index] ?? column.name })) ?? null
}

const SET_OPERATIONS: Readonly<Record<string, string>> = {
  SETOP_UNION: 'UNION',
  SETOP_INTERSECT: 'INTERSECT',
  SETOP_EXCEPT: 'EXCEPT',
}

function translateSetOperation(select: SelectStmt, context: TranslationContext, ctes: Ctes): Translated {
  const left = translate(select.larg!, context, ctes)
  const right = translate(select.rarg!, context, ctes)
  const word =
    SET_OPERATIONS[String(select.op)] ?? refuse(SQLSTATE.featureNotSupported, 'this set operation is not supported')
  const base = baseContext(context, (inner) => translate(inner, context, ctes).sql)
  const both: ExpressionContext = {
    ...base,
    column: ({ fields }) => [base.quoteIdentifier(namesOf(fields).at(-1) ?? '')],
  }
  const body = sql`(${left.sql}) ${word}${select.all === true ? ' ALL' : ''} (${right.sql})`
  const columns =
    left.columns?.map((column, index) => ({
      ...column,
      // The same metric in both arms may count the same thing twice.
      metric: worse(column.metric, right.columns?.[index]?.metric ?? null),
    })) ?? null
  return { sql: sql`${body}${tail(select, both, (node) => writeExpression(node, both))}`, columns, pure: null }
}

function worse(left: OutputColumn['metric'], right: OutputColumn['metric']): OutputColumn['metric'] {
  const name = left?.name ?? right?.name
  return name === undefined
    ? null
    : { name, additivity: left?.additivity === right?.additivity ? (left?.additivity ?? null) : null }
}

function tail(select: SelectStmt, context: ExpressionContext, write: (node: Node) => Sql): Sql {
  const clauses: Sql[] = []
  if (select.sortClause !== undefined) {
    clauses.push(
      sql` ORDER BY ${joinSql(
        select.sortClause.map((each) => writeSort(each, write)),
        ', ',
      )}`,
    )
  }
  const limit = writeRowNumber(select.limitCount, context)
  const offset = writeRowNumber(select.limitOffset, context)
  if (select.limitOption === 'LIMIT_OPTION_WITH_TIES')
    refuse(SQLSTATE.featureNotSupported, 'FETCH ... WITH TIES is not supported here')
  if (limit !== undefined) clauses.push(sql` LIMIT ${limit}`)
  if (offset !== undefined) clauses.push(sql` OFFSET ${offset}`)
  return joinSql(clauses, '')
}

/** LIMIT and OFFSET: a number or a parameter; ALL is none. */
function writeRowNumber(node: Node | undefined, context: ExpressionContext): Sql | undefined {
  if (node === undefined || constantOf(node) === null) return undefined
  const inner = 'TypeCast' in node && node.TypeCast.arg !== undefined ? node.TypeCast.arg : node
  if ('ParamRef' in inner) {
    const text = context.parameter(inner.ParamRef.number ?? 0, inner.ParamRef.location).join('')
    const digits = /^'?(\d{1,18})'?$/.exec(text)?.[1]
    if (text === 'NULL') return undefined
    return digits === undefined
      ? refuse(SQLSTATE.invalidTextRepresentation, `invalid number of rows: ${text}`)
      : [digits]
  }
  const value = constantOf(inner)
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return [String(value)]
  return refuse(SQLSTATE.featureNotSupported, 'LIMIT and OFFSET take a whole number here')
}

function translateValues(select: SelectStmt, context: ExpressionContext): Translated {
  const rows = (select.valuesLists ?? []).map((row) => writeExpression(row, context))
  const positions: ExpressionContext = {
    ...context,
    column: ({ fields }) => [context.quoteIdentifier(namesOf(fields).at(-1) ?? '')],
  }
  return {
    sql: sql`VALUES ${joinSql(rows, ', ')}${tail(select, positions, (node) => writeExpression(node, positions))}`,
    columns: null,
    pure: null,
  }
}

function translatePlain(
  select: SelectStmt,
  context: TranslationContext,
  ctes: Ctes,
  base: Omit<ExpressionContext, 'column'>,
  number: (node: Node | undefined) => Sql | undefined,
): Translated {
  const sources: SourceColumns[] = []
  const from = (select.fromClause ?? []).map((item) => writeFromItem(item, context, ctes, base, sources))
  const joined = sources.length > 1
  const scope = { sources, joined }
  const quote = (name: string): string => base.quoteIdentifier(name)
  const expressions: ExpressionContext = {
    ...base,
    column({ fields }) {
      const path = (fields ?? []).map((field) => ('A_Star' in field ? '*' : quote(namesOf([field])[0] ?? '')))
      // `schema.table.column` means the table in FROM.
      return [path.slice(-2).join('.')]
    },
    aggregate: (call, name) => refuseSummingAgain(call, name, scope),
  }
  const write = (node: Node): Sql => writeExpression(node, expressions)
  const columns: OutputColumn[] = []
  let known = true
  const targets = (select.targetList ?? []).map((each) => {
    if (!('ResTarget' in each) || each.ResTarget.val === undefined)
      return refuse(SQLSTATE.syntaxError, 'this select list is not supported')
    const { name, val } = each.ResTarget
    if ('ColumnRef' in val && isStar(val.ColumnRef)) {
      const qualifier = namesOf(val.ColumnRef.fields).at(-1)
      for (const source of sources) {
        if (qualifier !== undefined && source.alias !== qualifier) continue
        if (source.columns === null) known = false
        else
          columns.push(
            ...source.columns.map((column) => ({
              ...column,
              metric: joined ? joinedMetric(column.metric) : column.metric,
            })),
          )
      }
      return write(val)
    }
    const output = name ?? columnName(val)
    columns.push({ name: output, metric: provenanceOf(val, scope) })
    return sql`${write(val)} AS ${quote(output)}`
  })
  const clauses: (Sql | string)[] = [
    sql`SELECT ${distinctOf(select, write)}${targets.length === 0 ? 'NULL' : joinSql(targets, ', ')}`,
  ]
  if (from.length > 0) clauses.push(sql`FROM ${joinSql(from, ', ')}`)
  if (select.whereClause !== undefined) clauses.push(sql`WHERE ${write(select.whereClause)}`)
  if (select.groupClause !== undefined)
    clauses.push(
      sql`GROUP BY ${joinSql(
        select.groupClause.map((each) => writeGroup(each, write)),
        ', ',
      )}`,
    )
  if (select.havingClause !== undefined) clauses.push(sql`HAVING ${write(select.havingClause)}`)
  if (select.windowClause !== undefined) clauses.push(windowClause(select.windowClause, write, expressions))
  const body = joinSql(clauses, ' ')
  void number
  return {
    sql: sql`${body}${tail(select, expressions, write)}`,
    columns: known ? columns : null,
    pure: wholeCall(select, context),
  }
}

function joinedMetric(metric: OutputColumn['metric']): OutputColumn['metric'] {
  return metric === null ? null : { ...metric, additivity: null }
}

/** `SELECT * FROM {{ semantic_layer.query(...) }}`, asked as it is. */
function wholeCall(select: SelectStmt, context: TranslationContext): Translated['pure'] {
  const { fromClause, targetList, whereClause, groupClause, sortClause, limitCount, limitOffset, distinctClause } =
    select
  const [item] = fromClause ?? []
  const [target] = targetList ?? []
  const bare = [whereClause, groupClause, sortClause, limitCount, limitOffset, distinctClause].every(
    (each) => each === undefined,
  )
  if (!bare || fromClause?.length !== 1 || targetList?.length !== 1 || item === undefined || !('RangeVar' in item))
    return null
  if (target === undefined || !('ResTarget' in target) || target.ResTarget.val === undefined) return null
  if (!('ColumnRef' in target.ResTarget.val) || !isStar(target.ResTarget.val.ColumnRef)) return null
  const query = context.calls.get(item.RangeVar.relname ?? '')?.query
  return query === null || query === undefined ? null : { query, take: [], names: [] }
}

function distinctOf(select: SelectStmt, write: (node: Node) => Sql): Sql {
  const { distinctClause } = select
  if (distinctClause === undefined) return []
  const on = distinctClause.filter((each) => Object.keys(each).length > 0)
  return on.length === 0 ? ['DISTINCT '] : sql`DISTINCT ON (${joinSql(on.map(write), ', ')}) `
}

function writeGroup(node: Node, write: (node: Node) => Sql): Sql {
  if (!('GroupingSet' in node)) return write(node)
  const { kind, content } = node.GroupingSet
  const inner = joinSql(
    (content ?? []).map((each) => writeGroup(each, write)),
    ', ',
  )
  if (kind === 'GROUPING_SET_EMPTY') return ['()']
  if (kind === 'GROUPING_SET_SIMPLE') return inner
  const word = kind === 'GROUPING_SET_ROLLUP' ? 'ROLLUP' : kind === 'GROUPING_SET_CUBE' ? 'CUBE' : 'GROUPING SETS'
  return sql`${word} (${inner})`
}

function writeFromItem(
  item: Node,
  context: TranslationContext,
  ctes: Ctes,
  base: Omit<ExpressionContext, 'column'>,
  sources: SourceColumns[],
): Sql {
  if ('RangeVar' in item) return writeRelation(item.RangeVar, context, ctes, sources)
  if ('RangeSubselect' in item) return writeSubselect(item.RangeSubselect, context, ctes, sources)
  if ('JoinExpr' in item) {
    const { jointype, isNatural, larg, rarg, quals, usingClause, alias } = item.JoinExpr
    const word = JOINS[String(jointype)]
    if (word === undefined || alias !== undefined || larg === undefined || rarg === undefined) {
      return refuse(SQLSTATE.featureNotSupported, 'this kind of join is not supported here')
    }
    const left = writeFromItem(larg, context, ctes, base, sources)
    const right = writeFromItem(rarg, context, ctes, base, sources)
    const on: ExpressionContext = {
      ...base,
      column: ({ fields }) => [
        namesOf(fields)
          .slice(-2)
          .map((name) => base.quoteIdentifier(name))
          .join('.'),
      ],
    }
    if (isNatural === true) return sql`(${left} NATURAL ${word} ${right})`
    if (usingClause !== undefined) {
      return sql`(${left} ${word} ${right} USING (${namesOf(usingClause)
        .map((name) => base.quoteIdentifier(name))
        .join(', ')}))`
    }
    if (quals === undefined) return sql`(${left} CROSS JOIN ${right})`
    return sql`(${left} ${word} ${right} ON ${writeExpression(quals, on)})`
  }
  return refuse(SQLSTATE.featureNotSupported, 'only tables, sub-selects and joins are possible in FROM here')
}

const JOINS: Readonly<Record<string, string>> = {
  JOIN_INNER: 'JOIN',
  JOIN_LEFT: 'LEFT JOIN',
  JOIN_RIGHT: 'RIGHT JOIN',
  JOIN_FULL: 'FULL JOIN',
}

function aliasOf(
  alias: RangeVar['alias'],
  name: string,
  context: TranslationContext,
): { readonly text: string; readonly alias: string; readonly names: readonly string[] } {
  const chosen = alias?.aliasname ?? name
  const names = namesOf(alias?.colnames)
  const list = names.length === 0 ? '' : ` (${names.map((each) => context.dialect.quoteIdentifier(each)).join(', ')})`
  return { text: `${context.dialect.quoteIdentifier(chosen)}${list}`, alias: chosen, names }
}

function writeRelation(relation: RangeVar, context: TranslationContext, ctes: Ctes, sources: SourceColumns[]): Sql {
  const { catalogname, schemaname, relname = '', location } = relation
  const { text, alias, names } = aliasOf(relation.alias, relname, context)
  const add = (columns: readonly OutputColumn[] | null): void =>
    void sources.push({ alias, columns: renamed(columns, names) })
  if (schemaname === undefined) {
    const cte = ctes.get(relname)
    if (cte !== undefined) {
      add(cte)
      return sql`${context.dialect.quoteIdentifier(relname)} AS ${text}`
    }
    const call = context.calls.get(relname)
    if (call !== undefined) {
      add(call.columns)
      return sql`${call.sql} AS ${text}`
    }
  }
  if (catalogname !== undefined && catalogname !== context.served.database) {
    refuse(SQLSTATE.featureNotSupported, `cross-database references are not implemented: "${catalogname}"`, {
      location,
    })
  }
  const table = findTable(context.served, schemaname, relname, context.searchPath)
  if (table === undefined) return noSuchTable(context.served, schemaname, relname, location)
  if (table.kind === 'model') {
    add(null)
    return sql`${[{ model: table.id }]} AS ${text}`
  }
  if (table.savedQuery !== null) {
    const columns = table.columns.map(
      (column): OutputColumn => ({
        name: column.name,
        metric: column.role === 'metric' ? { name: column.metric, additivity: column.additivity } : null,
      }),
    )
    add(columns)
    return sql`${[{ metrics: { savedQuery: table.savedQuery.name } }]} AS ${text}`
  }
  const example = listedColumns(table).find((column) => column.role === 'metric')?.name ?? 'metric'
  return refuse(
    SQLSTATE.featureNotSupported,
    `the table of metrics "${relname}" cannot be joined, or used beside other tables`,
    {
      location,
      hint: `what its metrics can be grouped by is already among its columns; otherwise join a result: (SELECT ..., MEASURE(${example}) AS ${example} FROM ${table.schema}.${table.name} GROUP BY ...) AS t`,
    },
  )
}

function writeSubselect(range: RangeSubselect, context: TranslationContext, ctes: Ctes, sources: SourceColumns[]): Sql {
  const { subquery, lateral } = range
  if (subquery === undefined || !('SelectStmt' in subquery))
    return refuse(SQLSTATE.featureNotSupported, 'this sub-select is not supported')
  const inner = translate(subquery.SelectStmt, context, ctes)
  const { text, alias, names } = aliasOf(range.alias, `unnamed_${sources.length}`, context)
  sources.push({ alias, columns: renamed(inner.columns, names) })
  return sql`${lateral === true ? 'LATERAL ' : ''}(${inner.sql}) AS ${text}`
}

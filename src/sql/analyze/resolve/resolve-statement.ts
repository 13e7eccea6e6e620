import type { OutputColumn, StatementLineage, StatementToAnalyze, UsedColumn } from '../statement-lineage.js'
import { type Ast, as, dottedParts, isAst, kindOf, listOf, nameOf, unwrapped } from './ast.js'
import { addCtes } from './ctes.js'
import { resolveExpression } from './expression.js'
import { digest } from './fingerprint.js'
import { resolveRelation } from './from.js'
import { resolvePivot } from './pivot.js'
import { type Column, NO_COLUMNS, renameColumns, type Shape } from './relation.js'
import type { Resolver } from './resolver.js'
import type { Scope } from './scope.js'
import { resolveSelect } from './select.js'
import { resolveDifference, resolveUnion } from './set-operation.js'
import { type Source, Sources } from './sources.js'
import type { TableSchema } from './table-schema.js'

/**
 * Follows every output column of a parsed statement to the tables it reads.
 * @param tree the statements as the parser gave them; the one that is a query, or makes a table of one, counts.
 */
export function resolveStatement(
  tree: readonly unknown[],
  statement: Omit<StatementToAnalyze, 'id'>,
  schema: TableSchema,
  dialect: string,
): StatementLineage {
  const resolver = createResolver(statement, schema, dialect)
  const query = tree.map(queryOf).findLast((each) => each !== undefined)
  const shape = query === undefined ? NO_COLUMNS : resolver.query(query, null)
  const columns = nameOutputs(shape, statement.outputs ?? [])
  return {
    level: query === undefined ? 'none' : 'column',
    reason: query === undefined ? 'it is not a query' : null,
    tables: [...resolver.tables].map(([key, known]) => ({ table: key, known })),
    columns: columns.map((column) => outputColumn(column, schema, resolver.clauses !== undefined)),
    complete: shape.open.length === 0,
    rows: usedColumns(resolver.rows, null, schema),
    notes: [...resolver.notes],
    ...(resolver.clauses && {
      rowsPrint: digest([...resolver.clauses, ...resolver.tables.keys(), ...resolver.rows.prints].sort().join('|')),
    }),
  }
}

function createResolver(
  { sql, boundaries = {}, fingerprints }: Omit<StatementToAnalyze, 'id'>,
  schema: TableSchema,
  dialect: string,
): Resolver {
  const notes = new Set<string>()
  const resolver: Resolver = {
    dialect,
    schema,
    boundaries: new Map(Object.entries(boundaries).map(([name, key]) => [name.toLowerCase(), key])),
    rows: new Sources(),
    tables: new Map(),
    notes,
    ofTables: new Map(),
    callsColumns: /\bcolumns\s*\(|\*\s+(?:not\s+)?(?:i?like|similar|glob)\b/i.test(sql),
    clauses: fingerprints === true ? new Set() : undefined,
    note: (text) => void notes.add(text),
    query: (node, outer) => resolveQuery(resolver, node, outer),
    expression: (node, scope, into, use) => resolveExpression(resolver, node, scope, into, use),
    relation: (node, scope) => resolveRelation(resolver, node, scope),
  }
  return resolver
}

function resolveQuery(r: Resolver, node: unknown, outer: Scope | null): Shape {
  const kind = kindOf(node)
  const body = kind === undefined ? undefined : as(node, kind)
  if (body === undefined) return NO_COLUMNS
  switch (kind) {
    case 'select':
      return resolveSelect(r, body, outer)
    case 'union':
      return resolveUnion(r, node, outer)
    case 'intersect':
    case 'except':
      return resolveDifference(r, body, outer)
    case 'subquery':
    case 'paren':
    case 'annotated':
      return resolveQuery(r, body['this'], addCtes(body['with'], outer))
    case 'pivot':
      return resolvePivot(r, body, addCtes(body['with'], outer))
    case 'values':
      return resolveValues(r, body, outer)
    case 'alias':
      return resolveTableStatement(r, body, outer)
    case 'table':
    case 'joined_table':
      return resolveSelect(r, { expressions: [{ star: {} }], from: { expressions: [node] } }, outer)
    default:
      return NO_COLUMNS
  }
}

/** `table orders`, which the parser takes for a column `table` by another name. */
function resolveTableStatement(r: Resolver, body: Ast, outer: Scope | null): Shape {
  const name = nameOf(body['alias'])
  if (dottedParts(body['this'])?.join('.').toLowerCase() !== 'table' || name === null) return NO_COLUMNS
  return resolveQuery(r, { table: { name, schema: null, catalog: null } }, outer)
}

/** VALUES: constants, as a rule. */
function resolveValues(r: Resolver, body: Ast, outer: Scope | null): Shape {
  const rows = listOf(body['expressions']).map((row) => listOf(isAst(row) ? row['expressions'] : row))
  const columns = (rows[0] ?? []).map((_, i): Column => {
    const sources = new Sources()
    if (outer !== null) for (const row of rows) r.expression(row[i], outer, sources, 'computed')
    return { name: r.dialect === 'duckdb' ? `col${i}` : `column${i + 1}`, sources }
  })
  return renameColumns({ columns, open: [] }, [])
}

/** The query of a statement: itself, or what it fills a table with. */
function queryOf(node: unknown): unknown {
  const inner = unwrapped(node)
  const kind = kindOf(inner)
  const body = kind === undefined ? undefined : as(inner, kind)
  if (kind === undefined || body === undefined) return undefined
  if (QUERIES.has(kind)) return inner
  for (const field of ['as_select', 'query', 'expression']) {
    const query = body[field]
    const of = kindOf(unwrapped(query))
    if (of === undefined || !QUERIES.has(of)) continue
    const withClause = body['with'] ?? body['with_cte']
    return isAst(withClause) ? { subquery: { this: query, with: withClause } } : query
  }
  return undefined
}

const QUERIES = new Set(['select', 'union', 'intersect', 'except', 'subquery', 'values', 'pivot'])

/** Gives the columns the names that the warehouse said, when it said as many. */
function nameOutputs({ columns, open }: Shape, outputs: readonly string[]): readonly Column[] {
  if (outputs.length === 0) return columns
  if (open.length === 0 && columns.length === outputs.length)
    return columns.map((column, i) => ({ ...column, name: outputs[i]! }))
  const known = new Set(columns.map(({ name }) => name?.toLowerCase()))
  const more = open.length === 0 ? [] : outputs.filter((name) => !known.has(name.toLowerCase()))
  return [
    ...columns,
    ...more.map((name) => {
      const sources = new Sources()
      for (const each of open) sources.addAll(each.get(name) ?? [])
      return { name, sources }
    }),
  ]
}

function outputColumn({ name, sources }: Column, schema: TableSchema, withPrint: boolean): OutputColumn {
  const print = withPrint ? { print: digest([...sources.prints].sort().join('|')) } : {}
  return { name, sources: usedColumns(sources, name, schema), ...print }
}

function usedColumns(sources: Iterable<Source>, output: string | null, schema: TableSchema): UsedColumn[] {
  const used: UsedColumn[] = []
  for (const { table: key, column, use } of sources) {
    if (column === '*') continue
    const spelling = schema.spelled(key, column)
    const same = spelling.toLowerCase() === output?.toLowerCase()
    used.push({ table: key, column: spelling, use: use === 'pure' ? (same ? 'copied' : 'renamed') : use })
  }
  return used
}

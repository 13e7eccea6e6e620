import { type Ast, as, dottedParts, isAst, kindOf, listOf, nameOf, namesOf, stringLiteral } from './ast.js'
import { shapeOfCte } from './ctes.js'
import { addJoin } from './joins.js'
import { resolvePivot, resolveUnpivot } from './pivot.js'
import {
  type OpenColumns,
  openTable,
  openValue,
  type Relation,
  relation,
  renameColumns,
  type Shape,
} from './relation.js'
import type { Resolver } from './resolver.js'
import { Scope } from './scope.js'
import { Sources } from './sources.js'
import { everything } from './star.js'

/** Something in FROM, under the name it goes by. */
export function resolveRelation(r: Resolver, node: unknown, scope: Scope, alias: string | null = null): Relation {
  const kind = kindOf(node)
  const body = kind === undefined ? undefined : as(node, kind)
  if (kind === undefined || body === undefined) return relation([alias ?? ''], { columns: [], open: [] })
  const own = nameOf(body['alias']) ?? alias
  const columnNames = [...namesOf(body['column_aliases']), ...namesOf(body['alias_columns'])]
  switch (kind) {
    case 'table':
      return resolveTable(r, body, scope, own, columnNames)
    case 'alias':
      return renamed(resolveRelation(r, body['this'], scope, own), columnNames)
    case 'paren':
    case 'annotated':
      return resolveRelation(r, body['this'], scope, own)
    case 'subquery':
      return resolveSubquery(r, body, scope, own, columnNames)
    case 'joined_table':
      return named(own, columnNames, resolveJoined(r, body, scope))
    case 'pivot':
      return named(own, columnNames, resolvePivot(r, body, scope))
    case 'unpivot':
      return named(own, columnNames, resolveUnpivot(r, body, scope))
    case 'values':
    case 'select':
    case 'union':
    case 'intersect':
    case 'except':
      return named(own, columnNames, r.query(node, scope))
    case 'unnest':
      return resolveUnnest(r, body, scope, own, columnNames)
    case 'lateral': {
      const unnest = as(body['this'], 'unnest')
      if (unnest !== undefined) return resolveUnnest(r, unnest, scope, own, columnNames)
      return renamed(resolveRelation(r, body['this'], scope, own), columnNames)
    }
    case 'tuple':
      return resolveTyped(r, body, scope, own)
    default:
      return resolveRows(r, node, kind, body, scope, own, columnNames)
  }
}

function named(alias: string | null, columnNames: readonly string[], shape: Shape): Relation {
  return relation(alias === null ? [] : [alias], renameColumns(shape, columnNames))
}

function renamed(found: Relation, columnNames: readonly string[]): Relation {
  return { ...found, ...renameColumns(found, columnNames) }
}

/** A name: a CTE, an array of a row to the left (BigQuery), or a table. */
function resolveTable(
  r: Resolver,
  body: Ast,
  scope: Scope,
  alias: string | null,
  columnNames: readonly string[],
): Relation {
  const written = [body['catalog'], body['schema'], body['name']].flatMap((part) => nameOf(part) ?? [])
  const parts = written.length === 1 && r.dialect === 'bigquery' ? written[0]!.split('.') : written
  const names = alias === null ? parts : [alias]
  if (parts.length === 1) {
    const boundary = r.boundaries.get(parts[0]!.toLowerCase())
    if (boundary !== undefined) return relation(names, renameColumns(tableByKey(r, boundary), columnNames))
    const cte = scope.findCte(parts[0]!)
    if (cte !== undefined) return relation(names, renameColumns(shapeOfCte(r, cte), columnNames))
  } else if (scope.relationNamed([parts[0]!]) !== undefined && r.schema.find(parts) === undefined) {
    return fromValue({ column: { table: parts[0], name: parts[1] } }, r, scope, names, columnNames)
  }
  const known = r.schema.find(parts)
  if (known !== undefined) return relation(names, renameColumns(tableByKey(r, known.key), columnNames))
  const label = parts.join('.')
  r.tables.set(label, false)
  return relation(names, renameColumns({ columns: [], open: [openTable(label, r.clauses !== undefined)] }, columnNames))
}

/** A table of the schema: its columns, or that nobody knows them. */
export function tableByKey(r: Resolver, key: string): Shape {
  r.tables.set(key, true)
  const table = r.schema.byKey(key)
  const columns = table?.columns ?? null
  if (columns === null) return { columns: [], open: [openTable(key, r.clauses !== undefined)] }
  let made = r.ofTables.get(key)
  if (made === undefined)
    r.ofTables.set(key, (made = columns.map(({ name }) => Sources.of(key, name, r.clauses !== undefined))))
  return {
    columns: columns.map(({ name, type }, i) => ({ name, sources: made[i]!, type: type ?? null })),
    open: table?.partial === true ? [openTable(key, r.clauses !== undefined)] : [],
  }
}

function resolveSubquery(
  r: Resolver,
  body: Ast,
  scope: Scope,
  alias: string | null,
  columnNames: readonly string[],
): Relation {
  const inner = body['this']
  const values = as(inner, 'values')
  const names = [...columnNames, ...namesOf(values?.['column_aliases'])]
  const kind = kindOf(inner)
  // `from ((select ...))`, `from (a join b)`: only parentheses.
  if (kind === 'table' || kind === 'joined_table' || kind === 'subquery' || kind === 'unnest') {
    return renamed(resolveRelation(r, inner, scope, alias), names)
  }
  return named(alias ?? nameOf(values?.['alias']), names, r.query(inner, scope))
}

function resolveJoined(r: Resolver, body: Ast, outer: Scope): Shape {
  const scope = new Scope(outer)
  scope.relations.push(r.relation(body['left'], scope))
  for (const join of listOf(body['joins'])) if (isAst(join)) addJoin(r, join, scope)
  const shape = everything(scope)
  // Without a name of its own the tables inside keep theirs: seen from outside as if the parentheses were not there.
  if (nameOf(body['alias']) === null) {
    outer.relations.push(
      ...scope.relations.map((each) => ({
        ...each,
        columns: each.columns.filter((column) => !scope.hidden.has(column)),
      })),
    )
    for (const [name, column] of scope.merged) outer.merged.set(name, column)
    return { columns: [], open: [] }
  }
  return shape
}

function resolveUnnest(
  r: Resolver,
  body: Ast,
  scope: Scope,
  alias: string | null,
  columnNames: readonly string[],
): Relation {
  const offset = nameOf(body['offset_alias'])
  const list = [body['this'], ...listOf(body['expressions'])]
  const made = new Sources()
  for (const each of list) r.expression(each, scope, made, 'computed')
  const columns = columnNames.map((name, i) => {
    // One array a column; behind them comes the position (WITH ORDINALITY).
    const sources = new Sources()
    if (list.length === 1 && i === 0) sources.addAll(made)
    else if (list.length > 1 && list[i] !== undefined) r.expression(list[i], scope, sources, 'computed')
    else if (body['with_ordinality'] !== true) sources.addAll(made)
    return { name, sources }
  })
  const value = alias ?? 'unnest'
  if (columns.length === 0) columns.push({ name: r.dialect === 'duckdb' ? 'unnest' : value, sources: made })
  if (offset !== null) columns.push({ name: offset, sources: new Sources() })
  // Fields of what was unnested may be called by their names.
  return relation([value], { columns, open: columnNames.length > 0 ? [] : [hidden(openValue(value, made))] })
}

function hidden(open: OpenColumns): OpenColumns {
  return { ...open, implied: true }
}

/** `json_to_recordset(x) as t(a int, b text)` */
function resolveTyped(r: Resolver, body: Ast, scope: Scope, alias: string | null): Relation {
  const [call, names] = listOf(body['expressions'])
  const table = as(names, 'table_alias')
  const made = new Sources()
  r.expression(call, scope, made, 'computed')
  const columns = listOf(table?.['columns']).flatMap((each) => {
    const name = nameOf(as(each, 'column_def')?.['name'])
    return name === null ? [] : [{ name, sources: made }]
  })
  return relation([nameOf(table?.['this']) ?? alias ?? ''], {
    columns,
    open: columns.length > 0 ? [] : [openValue('', made)],
  })
}

const FLATTENED = ['seq', 'key', 'path', 'index', 'value', 'this']

/** Functions and whatever else gives rows: every column is made of its arguments. */
function resolveRows(
  r: Resolver,
  node: unknown,
  kind: string,
  body: Ast,
  scope: Scope,
  alias: string | null,
  columnNames: readonly string[],
): Relation {
  const name = kind === 'function' ? (nameOf(body['name']) ?? '') : kind
  const args = listOf(body['args'])
  const lower = name.toLowerCase()
  if (lower === 'table' && args.length === 1) return resolveRelation(r, args[0], scope, alias)
  const file = /^(read|scan)_|_scan$/.test(lower) ? fileName(args[0]) : undefined
  if (file !== undefined) return relation([alias ?? name], renameColumns(fileTable(r, file), columnNames))
  const parts = dottedParts(node)
  if (parts !== undefined) return resolveTable(r, tableOf(parts), scope, alias, columnNames)
  const made = new Sources()
  r.expression(kind === 'function' ? args : node, scope, made, 'computed')
  const names =
    columnNames.length > 0 ? columnNames : lower === 'flatten' ? FLATTENED : SERIES.has(lower) ? [lower] : []
  const columns = names.map((each) => ({ name: each, sources: made }))
  // A function of one column lends it its alias.
  const open = columnNames.length > 0 || lower === 'flatten' ? [] : [openValue(alias ?? name, made)]
  return relation([alias ?? name], { columns, open: SERIES.has(lower) ? open.map(hidden) : open })
}

const SERIES = new Set(['generate_series', 'range'])

export function tableOf(parts: readonly string[]): Ast {
  const [name, schema, catalog] = [...parts].reverse()
  return { name, schema: schema ?? null, catalog: catalog ?? null }
}

function fileName(arg: unknown): string | undefined {
  return stringLiteral(arg) ?? stringLiteral(listOf(as(arg, 'array_func')?.['expressions'])[0])
}

/** A file that is read as a table is a source when the schema has it under its path. */
function fileTable(r: Resolver, file: string): Shape {
  const known = r.schema.find([file])
  if (known !== undefined) return tableByKey(r, known.key)
  r.tables.set(file, false)
  return { columns: [], open: [openTable(file, r.clauses !== undefined)] }
}

function fromValue(
  node: unknown,
  r: Resolver,
  scope: Scope,
  names: readonly string[],
  columnNames: readonly string[],
): Relation {
  const made = new Sources()
  r.expression(node, scope, made, 'computed')
  const label = names.at(-1) ?? ''
  return relation(names, renameColumns({ columns: [], open: [openValue(label, made)] }, columnNames))
}

import { type Ast, as, dottedParts, isAst, listOf, nameOf, namesOf, unwrapped } from './ast.js'
import { type Column, type OpenColumns, openValue, type Shape, without } from './relation.js'
import type { Resolver } from './resolver.js'
import { Scope } from './scope.js'
import { Sources } from './sources.js'
import { everything } from './star.js'

/** `PIVOT`, as an operator in FROM or as DuckDB's statement; also its `UNPIVOT ... ON ... INTO`. */
export function resolvePivot(r: Resolver, body: Ast, outer: Scope | null): Shape {
  const scope = inputOf(r, body, outer)
  if (body['unpivot'] === true) return unpivotOn(r, body, scope)
  const statement = listOf(body['fields']).length === 0
  const aggregates = listOf(body[statement ? 'using' : 'expressions'])
  const on = listOf(body[statement ? 'expressions' : 'fields'])
  const used = new Set<string>()
  const made = aggregates.map((each) => {
    const sources = new Sources()
    r.expression(as(each, 'alias')?.['this'] ?? each, scope, sources, 'aggregated')
    collectNames(each, used)
    return { alias: nameOf(as(each, 'alias')?.['alias']), sources }
  })
  for (const each of on) {
    const key = as(each, 'in')?.['this'] ?? each
    r.expression(key, scope, r.rows, 'grouped')
    collectNames(key, used)
  }
  const input = everything(scope)
  const kept =
    groups(r, body['group'], scope) ?? input.columns.filter(({ name }) => !used.has(name?.toLowerCase() ?? ''))
  const open = body['group'] == null ? without(input.open, used) : []
  const values = on.map((each) => pivotValues(each))
  if (values.some((list) => list === undefined) || values.length === 0)
    return { columns: kept, open: [...open, dynamic(made)] }
  const combined = values.reduce<readonly string[]>(
    (before, list) => (before.length === 0 ? list! : before.flatMap((a) => list!.map((b) => `${a}_${b}`))),
    [],
  )
  const columns = combined.flatMap((value) =>
    made.map(({ alias, sources }): Column => ({ name: pivotName(r.dialect, value, alias, made.length > 1), sources })),
  )
  return { columns: [...kept, ...columns], open }
}

/** Columns that the data decides: made of the aggregates, whatever they will be called. */
function dynamic(made: readonly { readonly sources: Sources }[]): OpenColumns {
  const all = new Sources()
  for (const { sources } of made) all.addAll(sources)
  return { ...openValue('PIVOT', all), get: () => all }
}

/** What is pivoted, alone in a scope. */
function inputOf(r: Resolver, body: Ast, outer: Scope | null): Scope {
  const scope = new Scope(outer)
  const parts = dottedParts(body['this'])
  const [name, schema, catalog] = [...(parts ?? [])].reverse()
  const node =
    parts === undefined ? body['this'] : { table: { name, schema: schema ?? null, catalog: catalog ?? null } }
  scope.relations.push(r.relation(node, scope))
  return scope
}

function collectNames(node: unknown, into: Set<string>): void {
  if (Array.isArray(node)) for (const each of node) collectNames(each, into)
  if (!isAst(node)) return
  const parts = dottedParts(node)
  if (parts !== undefined) into.add(parts.at(-1)!.toLowerCase())
  else for (const key in node) collectNames(node[key], into)
}

/** Columns of an explicit GROUP BY. */
function groups(r: Resolver, clause: unknown, scope: Scope): Column[] | undefined {
  const inner = as(clause, 'group') ?? (isAst(clause) ? clause : undefined)
  const list = inner && listOf(inner['expressions'])
  return list?.map((node) => {
    const sources = new Sources()
    r.expression(node, scope, sources, 'pure')
    return { name: dottedParts(node)?.at(-1) ?? null, sources }
  })
}

/** The values of `x in (...)`; undefined where the data decides. */
function pivotValues(node: unknown): string[] | undefined {
  const list = as(node, 'in')
  if (list === undefined || list['query'] != null) return undefined
  const expressions = listOf(list['expressions'])
  if (expressions.length === 0) return undefined
  return expressions.map((each) => {
    const alias = as(each, 'pivot_alias') ?? as(each, 'alias')
    return alias === undefined ? valueText(each) : (nameOf(alias['alias']) ?? valueText(alias['this']))
  })
}

function valueText(node: unknown): string {
  const tuple = as(node, 'tuple')
  if (tuple !== undefined) return listOf(tuple['expressions']).map(valueText).join('_')
  const literal = as(node, 'literal')
  return literal === undefined ? (nameOf(node) ?? '') : String(literal['value'])
}

/** Dialects write the aggregate's alias before or behind the value. */
function pivotName(dialect: string, value: string, alias: string | null, several: boolean): string | null {
  if (alias !== null) return dialect === 'bigquery' ? `${alias}_${value}` : `${value}_${alias}`
  if (several) return null
  return dialect === 'snowflake' ? `'${value}'` : value
}

/** `UNPIVOT (v FOR k IN (a, b))` */
export function resolveUnpivot(r: Resolver, body: Ast, outer: Scope | null): Shape {
  const scope = inputOf(r, body, outer)
  const groupsOfColumns = listOf(body['columns'])
  const valueNames = [
    ...namesOf(body['value_columns']),
    ...[nameOf(body['value_column'])].flatMap((name) => name ?? []),
  ]
  return unpivoted(r, scope, groupsOfColumns, [...new Set(valueNames)], nameOf(body['name_column']))
}

/** `UNPIVOT t ON a, b INTO NAME k VALUE v` */
function unpivotOn(r: Resolver, body: Ast, scope: Scope): Shape {
  const into = as(body['into'], 'unpivot_columns')
  const call = listOf(body['expressions']).flatMap((each) => {
    const columns = as(each, 'function')
    const star = columns && as(listOf(columns['args'])[0], 'star')
    if (star === undefined) return [each]
    const left = new Set(namesOf(star['except']).map((name) => name.toLowerCase()))
    return everything(scope).columns.flatMap(({ name }) =>
      name === null || left.has(name.toLowerCase()) ? [] : [{ column: { name: { name }, table: null } }],
    )
  })
  const values = listOf(into?.['expressions']).flatMap((each) => nameOf(each) ?? [])
  return unpivoted(r, scope, call, values.length > 0 ? values : ['value'], nameOf(into?.['this']) ?? 'name')
}

function unpivoted(
  r: Resolver,
  scope: Scope,
  columns: readonly unknown[],
  valueNames: readonly string[],
  name: string | null,
): Shape {
  const used = new Set<string>()
  collectNames(columns, used)
  const input = everything(scope)
  const kept = input.columns.filter((column) => !used.has(column.name?.toLowerCase() ?? ''))
  const values = valueNames.map((valueName, i): Column => {
    const sources = new Sources()
    for (const each of columns) {
      const inner = unwrapped(as(each, 'alias')?.['this'] ?? each)
      const tuple = as(inner, 'tuple')
      r.expression(tuple === undefined ? inner : listOf(tuple['expressions'])[i], scope, sources, 'computed')
    }
    return { name: valueName, sources }
  })
  const named = name === null ? [] : [{ name, sources: new Sources() }]
  return { columns: [...kept, ...named, ...values], open: without(input.open, used) }
}

import { type Ast, as, dottedParts, isAst, kindOf, listOf, nameOf, namesOf, stringLiteral, unwrapped } from './ast.js'
import { sealPrint } from './fingerprint.js'
import { implicitName } from './implicit-name.js'
import {
  type Column,
  columnNamed,
  NO_COLUMNS,
  type OpenColumns,
  openValue,
  type Relation,
  type Shape,
  structFields,
  without,
} from './relation.js'
import type { Resolver } from './resolver.js'
import { Scope } from './scope.js'
import { Sources } from './sources.js'

/** The columns a select list gives: stars and COLUMNS() expanded, structs unfolded. */
export function resolveItems(r: Resolver, items: readonly unknown[], scope: Scope): Shape {
  const columns: Column[] = []
  const open: OpenColumns[] = []
  const add = (shape: Shape): void => {
    columns.push(...shape.columns)
    open.push(...shape.open)
  }
  for (const written of items) {
    const item = unannotated(written)
    const star = as(item, 'star')
    const many = star === undefined && r.callsColumns ? findColumnsCall(item) : undefined
    if (star !== undefined) add(expandStar(r, star, scope))
    else if (many !== undefined) add(expandColumns(r, item, many, scope))
    else add(resolveItem(r, item, scope))
  }
  return { columns, open }
}

/** An item without the comment that hangs on it; parentheses stay, they are part of a name. */
function unannotated(item: unknown): unknown {
  const inner = as(item, 'annotated')
  return inner === undefined ? item : unannotated(inner['this'])
}

/** One item that is not a star. */
export function resolveItem(r: Resolver, item: unknown, scope: Scope): Shape {
  const alias = as(item, 'alias')
  const node = unwrapped(alias?.['this'] ?? item)
  const name = (alias && nameOf(alias['alias'])) ?? implicitName(node, r.dialect)
  const call = as(node, 'function')
  if (alias === undefined && call !== undefined && nameOf(call['name'])?.toLowerCase() === 'unnest') {
    const fields = fieldsOf(r, listOf(call['args'])[0], scope)
    if (fields !== undefined) return { columns: fields, open: [] }
  }
  const sources = new Sources()
  const own = alias === undefined || name === null ? undefined : name.toLowerCase()
  if (own !== undefined) scope.busy.add(own)
  r.expression(node, scope, sources, 'pure')
  if (own !== undefined) scope.busy.delete(own)
  if (r.clauses !== undefined) sealPrint(sources, node)
  const parts = dottedParts(node)
  const type = parts && scope.find(parts, 'column', () => {})?.column?.type
  return { columns: [{ name, sources, type: type ?? null }], open: [] }
}

/** `*`, `t.*`, with EXCLUDE (EXCEPT), REPLACE and RENAME. */
export function expandStar(r: Resolver, star: Ast, scope: Scope): Shape {
  const table = nameOf(star['table'])
  const all = table === null ? everything(scope) : ofTable(r, table, scope)
  const excluded = new Set(namesOf(star['except']).map((name) => name.split('.').at(-1)!.toLowerCase()))
  const replaced = new Map<string, unknown>()
  for (const each of listOf(star['replace'])) {
    if (!isAst(each)) continue
    const alias = each['this'] === undefined ? (as(each, 'alias') ?? each) : each
    const name = nameOf(alias['alias'])
    if (name !== null) replaced.set(name.toLowerCase(), alias['this'])
  }
  const renamed = new Map<string, string>()
  for (const pair of listOf(star['rename'])) {
    const [from, to] = namesOf(pair)
    if (from !== undefined && to !== undefined) renamed.set(from.toLowerCase(), to)
  }
  const columns = all.columns.flatMap((column) => {
    const key = column.name?.toLowerCase() ?? ''
    if (excluded.has(key)) return []
    const replacement = replaced.get(key)
    const made = replacement === undefined ? column : { name: column.name, sources: madeOf(r, replacement, scope) }
    return [{ ...made, name: renamed.get(key) ?? column.name }]
  })
  const listed = new Set([...columns.map((column) => column.name?.toLowerCase() ?? ''), ...excluded])
  // What is replaced or renamed of columns that are not known is known by that.
  if (all.open.length > 0) {
    for (const [name, expression] of replaced)
      if (!listed.has(name)) columns.push({ name, sources: madeOf(r, expression, scope) })
    for (const [from, to] of renamed)
      for (const each of all.open) columns.push({ name: to, sources: each.get(from) ?? new Sources() })
  }
  return { columns, open: without(all.open, new Set([...excluded, ...renamed.keys()])) }
}

function madeOf(r: Resolver, expression: unknown, scope: Scope): Sources {
  const sources = new Sources()
  r.expression(expression, scope, sources, 'pure')
  if (r.clauses !== undefined) sealPrint(sources, expression)
  return sources
}

/** All relations' columns; those joined by USING once, with what they are merged of. */
export function everything(scope: Scope): Shape {
  const columns = scope.relations.flatMap((each) =>
    each.columns.flatMap((column) => {
      if (scope.hidden.has(column)) return []
      const merged = column.name === null ? undefined : scope.merged.get(column.name.toLowerCase())
      return [merged === undefined ? column : { ...merged, name: column.name }]
    }),
  )
  return { columns, open: scope.relations.flatMap((each) => listed(each.open)) }
}

function listed(open: readonly OpenColumns[]): OpenColumns[] {
  return open.filter(({ implied }) => implied !== true)
}

function ofTable(r: Resolver, table: string, scope: Scope): Shape {
  const relation = findRelation(scope, table.split('.'))
  if (relation !== undefined) return { columns: relation.columns, open: listed(relation.open) }
  const fields = fieldsOf(r, { column: { name: { name: table }, table: null } }, scope)
  if (fields !== undefined) return { columns: fields, open: [] }
  const found = scope.find(table.split('.'), 'column', () => {})
  if (found !== undefined) return { columns: [], open: [openValue(table, found.sources)] }
  r.note(`${table}.* is of nothing read here`)
  return NO_COLUMNS
}

function findRelation(scope: Scope, parts: readonly string[]): Relation | undefined {
  for (let at: Scope | null = scope; at !== null; at = at.parent) {
    const relation = at.relationNamed(parts)
    if (relation !== undefined) return relation
  }
  return undefined
}

/** The fields of a column whose type is known to be a struct. */
function fieldsOf(r: Resolver, node: unknown, scope: Scope): Column[] | undefined {
  const parts = dottedParts(node)
  const found = parts && scope.find(parts, 'column', () => {})
  const fields = structFields(found?.part === false ? found.column?.type : undefined)
  if (fields === undefined) return undefined
  const sources = new Sources()
  r.expression(node, scope, sources, 'computed')
  return fields.map(({ name, type }) => ({ name, sources, type }))
}

/** The COLUMNS() call in an item, if there is one. */
function findColumnsCall(node: unknown): { readonly arg: unknown } | undefined {
  if (Array.isArray(node)) {
    for (const each of node) {
      const found = findColumnsCall(each)
      if (found !== undefined) return found
    }
    return undefined
  }
  if (!isAst(node)) return undefined
  const kind = kindOf(node)
  if (kind === 'columns') return { arg: as(node, 'columns')?.['this'] }
  if (kind === 'select' || kind === 'subquery' || kind === 'literal' || kind === 'column') return undefined
  const call = as(node, 'function')
  if (call !== undefined && kind === 'function' && nameOf(call['name'])?.toLowerCase() === 'columns')
    return { arg: listOf(call['args'])[0] }
  for (const key in node) {
    const found = findColumnsCall(node[key])
    if (found !== undefined) return found
  }
  return undefined
}

/** An item around COLUMNS() stands for one column for each that it picks. */
function expandColumns(r: Resolver, item: unknown, { arg }: { arg: unknown }, scope: Scope): Shape {
  const picked = pickColumns(r, arg, scope)
  if (isUnpacked(item)) return resolveItem(r, item, pickAll(scope, picked))
  const bare = kindOf(unwrapped(item)) === 'function' && findColumnsCall(item)?.arg === arg && isColumnsCall(item)
  const columns = picked.columns.flatMap((column) => {
    if (bare) return [column]
    const one = resolveItem(r, item, new Scope(scope, { pick: column })).columns
    const template = nameOf(as(item, 'alias')?.['alias'])
    return one.map((each) => ({
      ...each,
      name: template === null ? (each.name ?? column.name) : named(template, column, arg),
    }))
  })
  return { columns, open: picked.open }
}

function isColumnsCall(item: unknown): boolean {
  const call = as(unwrapped(item), 'function')
  return call !== undefined && nameOf(call['name'])?.toLowerCase() === 'columns'
}

/** `coalesce(*COLUMNS(...))`: all at once, as arguments. */
function isUnpacked(item: unknown): boolean {
  return JSON.stringify(item).includes('"unpack"')
}

function pickAll(scope: Scope, { columns }: Shape): Scope {
  const sources = new Sources()
  for (const column of columns) sources.addAll(column.sources)
  return new Scope(scope, { pick: { name: null, sources } })
}

/** `as '\1_total'`: groups of the regular expression in the alias. */
function named(template: string, column: Column, arg: unknown): string {
  const pattern = stringLiteral(arg)
  const match = pattern === undefined ? null : toRegExp(pattern)?.exec(column.name ?? '')
  return template.replace(/\\(\d)/g, (_, n: string) => (n === '0' ? column.name : match?.[Number(n)]) ?? '')
}

function pickColumns(r: Resolver, arg: unknown, scope: Scope): Shape {
  const star = as(arg, 'star')
  if (star !== undefined) return expandStar(r, star, scope)
  const all = everything(scope)
  const pattern = stringLiteral(arg)
  if (pattern !== undefined) return filterColumns(all, (name) => toRegExp(pattern)?.test(name) ?? false)
  const list = listOf(as(arg, 'array_func')?.['expressions'] ?? as(arg, 'array')?.['expressions'])
  const names = list.flatMap((each) => stringLiteral(each) ?? nameOf(each) ?? [])
  if (names.length > 0) {
    return { columns: names.flatMap((name) => columnNamed(all, name) ?? []), open: all.open }
  }
  const matches = likeCondition(arg)
  if (matches === undefined) r.note('COLUMNS() with a condition that is not evaluated here: all columns count')
  return matches === undefined ? all : filterColumns(all, matches)
}

function filterColumns(all: Shape, keep: (name: string) => boolean): Shape {
  return { columns: all.columns.filter(({ name }) => name !== null && keep(name)), open: all.open }
}

/** `c -> c like 'a%'`, `[x for x in (*) if x like 'a%']` */
function likeCondition(arg: unknown): ((name: string) => boolean) | undefined {
  const condition = as(arg, 'lambda')?.['body'] ?? as(arg, 'comprehension')?.['condition']
  const like = as(condition, 'like') ?? as(condition, 'ilike') ?? as(condition, 'i_like')
  const pattern = like && stringLiteral(like['right'])
  if (pattern === undefined) return undefined
  const escaped = pattern
    .replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
    .replaceAll('%', '.*')
    .replaceAll('_', '.')
  const test = new RegExp(`^${escaped}$`, as(condition, 'like') === undefined ? 'i' : '')
  return (name) => test.test(name)
}

function toRegExp(pattern: string): RegExp | undefined {
  const ignoreCase = pattern.startsWith('(?i)')
  try {
    return new RegExp(ignoreCase ? pattern.slice(4) : pattern, ignoreCase ? 'i' : '')
  } catch {
    return undefined
  }
}

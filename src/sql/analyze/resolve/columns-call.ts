import { as, isAst, kindOf, listOf, nameOf, stringLiteral, unwrapped } from './ast.js'
import { nameCondition, toRegExp } from './name-condition.js'
import { type Column, columnNamed, type Shape } from './relation.js'
import type { Resolver } from './resolver.js'
import { Scope } from './scope.js'
import { Sources } from './sources.js'
import { everything, expandStar } from './star.js'

/** DuckDB's `COLUMNS(...)`. */
export interface ColumnsCall {
  readonly arg: unknown
}

/** The COLUMNS() call in an item, if there is one. */
export function findColumnsCall(node: unknown): ColumnsCall | undefined {
  if (Array.isArray(node)) {
    for (const each of node) {
      const found = findColumnsCall(each)
      if (found !== undefined) return found
    }
    return undefined
  }
  if (!isAst(node)) return undefined
  const call = columnsCall(node)
  if (call !== undefined) return call
  const kind = kindOf(node)
  if (kind === 'select' || kind === 'subquery' || kind === 'literal' || kind === 'column') return undefined
  for (const key in node) {
    const found = findColumnsCall(node[key])
    if (found !== undefined) return found
  }
  return undefined
}

/** The call that a node itself is. */
export function columnsCall(node: unknown): ColumnsCall | undefined {
  const columns = as(node, 'columns')
  if (columns !== undefined) return { arg: columns['this'] }
  const call = as(node, 'function')
  const isIt = call !== undefined && nameOf(call['name'])?.toLowerCase() === 'columns'
  return isIt ? { arg: listOf(call['args'])[0] } : undefined
}

/** Is the item nothing but the call, under an alias perhaps? */
export function isColumnsCall(item: unknown): boolean {
  return columnsCall(unwrapped(as(item, 'alias')?.['this'] ?? item)) !== undefined
}

/** `coalesce(*COLUMNS(...))`: all at once, as arguments. */
export function isUnpacked(item: unknown): boolean {
  return JSON.stringify(item).includes('"unpack"')
}

/** All that a call picks, as if it were one column. */
export function pickAll(scope: Scope, { columns }: Shape): Scope {
  const sources = new Sources()
  for (const column of columns) sources.addAll(column.sources)
  return new Scope(scope, { pick: { name: null, sources } })
}

/** `as '\\1_total'`: groups of the regular expression in the alias. */
export function namedByPattern(template: string, column: Column, { arg }: ColumnsCall): string {
  const pattern = stringLiteral(arg)
  const match = pattern === undefined ? null : toRegExp(pattern)?.exec(column.name ?? '')
  return template.replace(/\\(\d)/g, (_, n: string) => (n === '0' ? column.name : match?.[Number(n)]) ?? '')
}

/** The columns that a call stands for. */
export function pickColumns(r: Resolver, { arg }: ColumnsCall, scope: Scope): Shape {
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
  const matches = nameCondition(as(arg, 'lambda')?.['body'] ?? as(arg, 'comprehension')?.['condition'])
  if (matches === undefined) r.note('COLUMNS() with a condition that is not evaluated here: all columns count')
  return matches === undefined ? all : filterColumns(all, matches)
}

function filterColumns(all: Shape, keep: (name: string) => boolean): Shape {
  return { columns: all.columns.filter(({ name }) => name !== null && keep(name)), open: all.open }
}

import { type Ast, as, dottedParts, isAst, listOf, nameOf, numberLiteral, unwrapped } from './ast.js'
import { addCtes } from './ctes.js'
import { resolveByAlias } from './expression.js'
import { treeText } from './fingerprint.js'
import { addFrom } from './joins.js'
import type { Shape } from './relation.js'
import type { Resolver } from './resolver.js'
import { Scope } from './scope.js'
import { resolveItems } from './select-items.js'
import { Sources, type Use } from './sources.js'

/** A SELECT: its columns; the columns that decide its rows join the statement's. */
export function resolveSelect(r: Resolver, select: Ast, outer: Scope | null): Shape {
  const env = addCtes(select['with'], outer)
  const scope = new Scope(env)
  for (const window of listOf(select['windows'])) {
    const name = isAst(window) ? nameOf(window['name']) : null
    const spec = isAst(window) ? window['spec'] : undefined
    if (name !== null && isAst(spec)) scope.windows.set(name.toLowerCase(), spec)
  }
  addFrom(r, select, scope)
  const items = listOf(select['expressions'])
  addAliases(r, items, scope)
  const shape = resolveItems(r, items, scope)
  const rows = (node: unknown, use: Use): void => {
    if (node === null || node === undefined) return
    r.expression(inside(node), scope, r.rows, use)
    r.clauses?.add(treeText(node))
  }
  rows(select['where_clause'], 'filtered')
  rows(select['having'], 'filtered')
  rows(select['qualify'], 'filtered')
  rows(select['connect'], 'joined')
  rows(select['limit'], 'filtered')
  rows(select['distinct_on'], 'grouped')
  groupBy(r, select['group_by'], items, shape, scope)
  for (const clause of ['group_by', 'limit', 'distinct'])
    if (r.clauses !== undefined && select[clause]) r.clauses.add(`${clause} ${treeText(select[clause])}`)
  for (const clause of ['order_by', 'sort_by', 'cluster_by', 'distribute_by']) orderBy(r, select[clause], shape, scope)
  return shape
}

/** A clause's expression: `{this}` around it or not. */
function inside(clause: unknown): unknown {
  return isAst(clause) && 'this' in clause && Object.keys(clause).length <= 2 ? clause['this'] : clause
}

/** Aliases are looked into only when another clause calls them; one that calls itself means a column. */
function addAliases(r: Resolver, items: readonly unknown[], scope: Scope): void {
  for (const item of items) {
    const alias = as(unwrapped(item), 'alias')
    const name = alias && nameOf(alias['alias'])
    if (alias === undefined || name === null || name === undefined) continue
    let made: Sources | undefined
    scope.aliases.set(name.toLowerCase(), {
      resolve() {
        if (made !== undefined) return made
        made = new Sources()
        const key = name.toLowerCase()
        const nested = scope.busy.has(key)
        scope.busy.add(key)
        r.expression(alias['this'], scope, made, 'pure')
        if (!nested) scope.busy.delete(key)
        return made
      },
    })
  }
}

function groupBy(r: Resolver, clause: unknown, items: readonly unknown[], shape: Shape, scope: Scope): void {
  if (!isAst(clause)) return
  if (clause['all'] === true) {
    // Every item that is no aggregate.
    for (const column of shape.columns) {
      const sources = [...column.sources]
      if (!sources.some(({ use }) => use === 'aggregated')) r.rows.addAll(sources, 'grouped')
    }
    return
  }
  for (const key of ['expressions', 'cube', 'rollup', 'grouping_sets']) {
    for (const each of listOf(clause[key])) byPosition(r, each, items, shape, scope)
  }
}

function byPosition(r: Resolver, node: unknown, items: readonly unknown[], shape: Shape, scope: Scope): void {
  const position = numberLiteral(unwrapped(node))
  if (position === undefined) r.expression(node, scope, r.rows, 'grouped')
  else if (items.length === shape.columns.length) r.rows.addAll(shape.columns[position - 1]?.sources ?? [], 'grouped')
}

/** ORDER BY of a SELECT or of a set operation. */
export function orderBy(r: Resolver, clause: unknown, shape: Shape, scope: Scope): void {
  const list = isAst(clause) ? listOf(clause['expressions']) : listOf(clause)
  for (const each of list) {
    const node = unwrapped(isAst(each) && 'this' in each ? each['this'] : each)
    const position = numberLiteral(node)
    const parts = dottedParts(unwrapped(node))
    if (position !== undefined) r.rows.addAll(shape.columns[position - 1]?.sources ?? [], 'ordered')
    else if (parts?.length === 1 && parts[0]!.toLowerCase() === 'all') {
      for (const column of shape.columns) r.rows.addAll(column.sources, 'ordered')
    } else resolveByAlias(r, node, scope, r.rows, 'ordered')
  }
}

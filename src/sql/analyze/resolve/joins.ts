import { type Ast, isAst, listOf, nameOf, namesOf } from './ast.js'
import { treeText } from './fingerprint.js'
import { type Column, columnNamed, openValue, type Relation, relation } from './relation.js'
import type { Resolver } from './resolver.js'
import type { Scope } from './scope.js'
import { Sources } from './sources.js'

/** Puts what a SELECT reads into its scope, left to right: each may look at those before it. */
export function addFrom(r: Resolver, select: Ast, scope: Scope): void {
  const from = select['from']
  for (const item of isAst(from) ? listOf(from['expressions']) : []) scope.relations.push(r.relation(item, scope))
  for (const join of listOf(select['joins'])) if (isAst(join)) addJoin(r, join, scope)
  for (const view of listOf(select['lateral_views'])) if (isAst(view)) addLateralView(r, view, scope)
}

/** One JOIN: its right side, and what it joins by. */
export function addJoin(r: Resolver, join: Ast, scope: Scope): void {
  const right = r.relation(join['this'], scope)
  const kind = String(join['kind'] ?? '').toLowerCase()
  r.clauses?.add(`${kind} ${treeText([join['on'], join['using']])}`)
  const using =
    kind.startsWith('natural') && listOf(join['using']).length === 0
      ? sharedNames(scope, right)
      : namesOf(join['using'])
  for (const name of using) mergeColumn(r, name, right, kind, scope)
  scope.relations.push(right)
  for (const key of ['on', 'match_condition']) {
    if (join[key] !== null && join[key] !== undefined) r.expression(join[key], scope, r.rows, 'joined')
  }
  // What only asks whether a row is there gives no columns.
  if (/semi|anti/.test(kind)) scope.relations.pop()
}

/** `USING (id)`: one column, of the left side, of the right (RIGHT JOIN), or of whichever has a value (FULL JOIN). */
function mergeColumn(r: Resolver, name: string, right: Relation, kind: string, scope: Scope): void {
  const key = name.toLowerCase()
  const left = scope.find([name], 'column', () => {})
  const rightColumn = columnNamed(right, name)
  const rightSources = rightColumn?.sources ?? right.open[0]?.get(name) ?? new Sources()
  if (rightColumn !== undefined) scope.hidden.add(rightColumn)
  const merged = new Sources()
  const full = kind.includes('full') || kind.includes('outer')
  if (full) {
    merged.addAll(left?.sources ?? [], 'computed')
    merged.addAll(rightSources, 'computed')
  } else merged.addAll(kind.includes('right') ? rightSources : (left?.sources ?? rightSources))
  const column: Column = { name: left?.column?.name ?? rightColumn?.name ?? name, sources: merged }
  scope.merged.set(key, { ...column, type: full ? null : (left?.column?.type ?? null) })
  r.rows.addAll(left?.sources ?? [], 'joined')
  r.rows.addAll(rightSources, 'joined')
}

function sharedNames(scope: Scope, right: Relation): string[] {
  const left = new Set(scope.relations.flatMap((each) => each.columns.map(({ name }) => name?.toLowerCase())))
  return right.columns.flatMap(({ name }) => (name !== null && left.has(name.toLowerCase()) ? [name] : []))
}

/** Hive's and Spark's `lateral view explode(a) t as x`. */
function addLateralView(r: Resolver, view: Ast, scope: Scope): void {
  const made = new Sources()
  r.expression(view['this'], scope, made, 'computed')
  const names = namesOf(view['column_aliases'])
  const alias = nameOf(view['table_alias']) ?? ''
  const columns = names.map((name) => ({ name, sources: made }))
  scope.relations.push(relation([alias], { columns, open: names.length > 0 ? [] : [openValue(alias, made)] }))
}

import { as, dottedParts, listOf, nameOf, unwrapped } from './ast.js'
import {
  type ColumnsCall,
  findColumnsCall,
  isColumnsCall,
  isUnpacked,
  namedByPattern,
  pickAll,
  pickColumns,
} from './columns-call.js'
import { sealPrint } from './fingerprint.js'
import { implicitName } from './implicit-name.js'
import type { Column, OpenColumns, Shape } from './relation.js'
import type { Resolver } from './resolver.js'
import { Scope } from './scope.js'
import { Sources } from './sources.js'
import { expandStar, unnestedFields } from './star.js'

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
    const fields = unnestedFields(r, listOf(call['args']), scope)
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

/** An item around COLUMNS() stands for one column for each that it picks. */
function expandColumns(r: Resolver, item: unknown, call: ColumnsCall, scope: Scope): Shape {
  const picked = pickColumns(r, call, scope)
  if (isUnpacked(item)) return resolveItem(r, item, pickAll(scope, picked))
  const bare = isColumnsCall(item)
  const template = nameOf(as(item, 'alias')?.['alias'])
  const columns = picked.columns.flatMap((column) => {
    const one = bare ? [column] : resolveItem(r, item, new Scope(scope, { pick: column })).columns
    return one.map((each) => ({
      ...each,
      name: template === null ? (each.name ?? column.name) : namedByPattern(template, column, call),
    }))
  })
  return { columns, open: picked.open }
}

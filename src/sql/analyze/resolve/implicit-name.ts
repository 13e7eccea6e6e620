import { as, dottedParts, isAst, kindOf, nameOf, unwrapped } from './ast.js'

/**
 * The name an item without an alias gets, where the dialect's rule needs no text of the expression: a column's name
 * everywhere, a function's or cast's in the PostgreSQL family. Null: nobody can call it by name.
 */
export function implicitName(node: unknown, dialect: string): string | null {
  const parts = dottedParts(node)
  if (parts !== undefined) return parts.at(-1)!
  const dot = as(node, 'dot')
  if (dot !== undefined) return nameOf(dot['field'])
  if (dialect !== 'postgresql' && dialect !== 'redshift') return null
  const cast = as(node, 'cast')
  if (cast !== undefined) return implicitName(unwrapped(cast['this']), dialect) ?? '?column?'
  const kind = kindOf(node)
  if (kind === undefined) return null
  const body = isAst(node) ? node[kind] : undefined
  if (kind === 'case') return 'case'
  if (kind === 'function' || (isAst(body) && 'filter' in body)) {
    const named = isAst(body) ? (body['name'] ?? body['original_name']) : undefined
    return (nameOf(named) ?? kind).toLowerCase()
  }
  return kind === 'coalesce' ? 'coalesce' : '?column?'
}

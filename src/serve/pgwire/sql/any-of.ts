import type { A_Expr, Node } from 'libpg-query'
import { constantOf, lastName } from '../statement/ast.js'
import type { Parameter } from '../values/parameters.js'
import { writeArrayItems } from './literals.js'
import { joinSql, type Sql, sql } from './sql-text.js'

/**
 * `x = ANY (ARRAY[...])`, `x = ANY ($1)` and `x <> ALL (...)` as `IN` and `NOT IN`, which every warehouse reads.
 * Undefined for other operators and for arrays that are not known here.
 */
export function writeAnyOf(
  expression: A_Expr,
  write: (node: Node) => Sql,
  parameter: (number: number, location: number | undefined) => Parameter | undefined,
  stringLiteral: (value: string) => string,
): Sql | undefined {
  const { kind, lexpr, rexpr } = expression
  const operator = lastName(expression.name)
  const word =
    kind === 'AEXPR_OP_ANY' && operator === '='
      ? 'IN'
      : kind === 'AEXPR_OP_ALL' && operator === '<>'
        ? 'NOT IN'
        : undefined
  if (word === undefined || lexpr === undefined || rexpr === undefined) return undefined
  const items = arrayItems(rexpr, write, parameter, stringLiteral)
  if (items === undefined) return undefined
  if (items.length === 0) return [word === 'IN' ? 'FALSE' : 'TRUE']
  return sql`(${write(lexpr)} ${word} (${joinSql(items, ', ')}))`
}

function arrayItems(
  node: Node,
  write: (node: Node) => Sql,
  parameter: (number: number, location: number | undefined) => Parameter | undefined,
  stringLiteral: (value: string) => string,
): readonly (Sql | string)[] | undefined {
  if ('TypeCast' in node && node.TypeCast.arg !== undefined) {
    return arrayItems(node.TypeCast.arg, write, parameter, stringLiteral)
  }
  if ('A_ArrayExpr' in node) return (node.A_ArrayExpr.elements ?? []).map(write)
  if ('ParamRef' in node) {
    const value = parameter(node.ParamRef.number ?? 0, node.ParamRef.location)
    return value === undefined ? ['NULL'] : writeArrayItems(value, stringLiteral)
  }
  const text = constantOf(node)
  return typeof text === 'string' ? writeArrayItems({ text, oid: 0 }, stringLiteral) : undefined
}

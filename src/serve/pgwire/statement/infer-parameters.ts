import type { Node } from 'libpg-query'
import type { DescribedTable } from '../catalogue/definitions.js'
import { oidOfTypeName } from '../sql/type-names.js'
import { OID, type PgType, pgType } from '../values/pg-types.js'
import { constantOf, lastName, namesOf, walk } from './ast.js'

/**
 * The types of parameters whose client left them open, from where they stand: beside a column, in a cast, as a number of
 * rows; text otherwise.
 */
export function inferParameters(
  node: Node,
  declared: readonly number[],
  tables: readonly DescribedTable[],
): readonly number[] {
  const columns = new Map<string, PgType>()
  const names = new Set<string>()
  let highest = declared.length
  walk(node, (kind, each) => {
    if (kind === 'RangeVar') names.add(String(each['relname']))
    if (kind === 'ParamRef') highest = Math.max(highest, Number(each['number'] ?? 0))
  })
  for (const { table, columns: own } of tables) {
    if (names.has(table.name)) for (const { name, type } of own) columns.set(name, type)
  }
  const found = Array.from({ length: highest }, (_, index) => declared[index] ?? 0)
  const learn = (param: Node | undefined, oid: number): void => {
    if (param === undefined || !('ParamRef' in param)) return
    const at = (param.ParamRef.number ?? 0) - 1
    if (at >= 0 && at < found.length && found[at] === 0 && oid !== 0) found[at] = oid
  }
  const typeOf = (expression: Node | undefined): number => expressionType(expression, columns)
  walk(node, (kind, each) => {
    if (kind === 'TypeCast') {
      const { arg, typeName } = each as { arg?: Node; typeName?: Parameters<typeof oidOfTypeName>[0] }
      learn(arg, typeName === undefined ? 0 : castType(typeName))
    } else if (kind === 'SelectStmt') {
      learn(each['limitCount'] as Node | undefined, OID.int8)
      learn(each['limitOffset'] as Node | undefined, OID.int8)
    } else if (kind === 'A_Expr') {
      const { kind: how, lexpr, rexpr } = each as { kind?: string; lexpr?: Node; rexpr?: Node }
      if (how === 'AEXPR_OP_ANY' || how === 'AEXPR_OP_ALL') {
        const element = typeOf(lexpr)
        learn(rexpr, ARRAY_OF.get(element) ?? 0)
        return
      }
      learn(lexpr, typeOf(rexpr))
      learn(rexpr, typeOf(lexpr))
      if (rexpr !== undefined && 'List' in rexpr) for (const item of rexpr.List.items ?? []) learn(item, typeOf(lexpr))
    }
  })
  return found.map((oid) => (oid === 0 ? OID.text : oid))
}

const ARRAY_OF: ReadonlyMap<number, number> = new Map(
  [1000, 1005, 1007, 1009, 1015, 1016, 1021, 1022, 1115, 1182, 1185, 1231, 2951].map((array) => [
    pgType(array).element ?? 0,
    array,
  ]),
)

function castType(typeName: Parameters<typeof oidOfTypeName>[0]): number {
  if ((typeName.arrayBounds ?? []).length === 0) return oidOfTypeName(typeName)
  return ARRAY_OF.get(oidOfTypeName({ ...typeName, arrayBounds: [] })) ?? 0
}

function expressionType(node: Node | undefined, columns: ReadonlyMap<string, PgType>): number {
  if (node === undefined) return 0
  if ('ColumnRef' in node) return columns.get(namesOf(node.ColumnRef.fields).at(-1) ?? '')?.oid ?? 0
  if ('TypeCast' in node && node.TypeCast.typeName !== undefined) return oidOfTypeName(node.TypeCast.typeName)
  if ('FuncCall' in node) {
    const name = lastName(node.FuncCall.funcname)
    if (name === 'date_trunc') return OID.timestamp
    if (name === 'count') return OID.int8
    if (name === 'lower' || name === 'upper') return OID.text
    if (/^(measure|agg|sum|min|max)$/.test(name)) return expressionType(node.FuncCall.args?.[0], columns)
    return 0
  }
  const value = constantOf(node)
  if (typeof value === 'number') return Number.isInteger(value) ? OID.int4 : OID.numeric
  return typeof value === 'boolean' ? OID.bool : 0
}

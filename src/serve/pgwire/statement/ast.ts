import type { A_Const, Node } from 'libpg-query'

/** The texts of a list of String nodes: `pg_catalog.date_trunc` -> [pg_catalog, date_trunc]. */
export function namesOf(nodes: readonly Node[] | undefined): string[] {
  return (nodes ?? []).flatMap((node) => ('String' in node ? [node.String.sval ?? ''] : []))
}

/** A constant's value; undefined when the node is not one. */
export function constantOf(node: Node | undefined): string | number | boolean | null | undefined {
  if (node === undefined || !('A_Const' in node)) return undefined
  return constantValue(node.A_Const)
}

export function constantValue(constant: A_Const): string | number | boolean | null | undefined {
  if (constant.isnull === true) return null
  // The parser leaves zero, false and the empty text out of its objects.
  if (constant.ival !== undefined) return constant.ival.ival ?? 0
  if (constant.boolval !== undefined) return constant.boolval.boolval ?? false
  if (constant.sval !== undefined) return constant.sval.sval ?? ''
  if (constant.fval !== undefined) return Number(constant.fval.fval)
  return undefined
}

/** Name of the last part: `date_trunc` of `pg_catalog.date_trunc`. */
export function lastName(nodes: readonly Node[] | undefined): string {
  return namesOf(nodes).at(-1) ?? ''
}

/** Calls `visit` with every node under `root`, itself included, by the name of its kind. */
export function walk(root: unknown, visit: (kind: string, node: Record<string, unknown>) => void): void {
  if (Array.isArray(root)) {
    for (const each of root) walk(each, visit)
    return
  }
  if (typeof root !== 'object' || root === null) return
  for (const [key, value] of Object.entries(root)) {
    if (typeof value !== 'object' || value === null) continue
    // Kinds begin with a capital letter, fields with a small one.
    const first = key.charCodeAt(0)
    if (first >= 65 && first <= 90 && !Array.isArray(value)) visit(key, value as Record<string, unknown>)
    walk(value, visit)
  }
}

/** The name PostgreSQL gives a column that has none. */
export function columnName(node: Node | undefined): string {
  return figureName(node) ?? '?column?'
}

function figureName(node: Node | undefined): string | undefined {
  if (node === undefined) return undefined
  if ('ColumnRef' in node) return lastName(node.ColumnRef.fields) || undefined
  if ('FuncCall' in node) return lastName(node.FuncCall.funcname)
  if ('TypeCast' in node) return figureName(node.TypeCast.arg) ?? lastName(node.TypeCast.typeName?.names)
  if ('CollateClause' in node) return figureName(node.CollateClause.arg)
  if ('A_Indirection' in node) return lastName(node.A_Indirection.indirection) || figureName(node.A_Indirection.arg)
  if ('CaseExpr' in node) return figureName(node.CaseExpr.defresult) ?? 'case'
  if ('CoalesceExpr' in node) return 'coalesce'
  if ('MinMaxExpr' in node) return node.MinMaxExpr.op === 'IS_LEAST' ? 'least' : 'greatest'
  if ('A_Expr' in node && node.A_Expr.kind === 'AEXPR_NULLIF') return 'nullif'
  if ('A_ArrayExpr' in node) return 'array'
  if ('RowExpr' in node) return 'row'
  if ('SQLValueFunction' in node)
    return String(node.SQLValueFunction.op)
      .replace(/^SVFOP_/, '')
      .replace(/_N$/, '')
      .toLowerCase()
  if ('SubLink' in node) {
    const { subLinkType, subselect } = node.SubLink
    if (subLinkType === 'EXISTS_SUBLINK') return 'exists'
    if (subLinkType === 'ARRAY_SUBLINK') return 'array'
    if (subLinkType !== 'EXPR_SUBLINK' || subselect === undefined || !('SelectStmt' in subselect)) return undefined
    const [first] = subselect.SelectStmt.targetList ?? []
    if (first === undefined || !('ResTarget' in first)) return undefined
    return first.ResTarget.name ?? figureName(first.ResTarget.val)
  }
  return undefined
}

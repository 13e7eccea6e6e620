/**
 * The parser's tree: a node is an object with one key, its kind, over its fields (`{column: {name, table}}`). Fields
 * are read as unknown and looked at where used, because the parser's own types move from version to version.
 */
export type Ast = Readonly<Record<string, unknown>>

export function isAst(value: unknown): value is Ast {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The fields of a node when it is of this kind. */
export function as(node: unknown, kind: string): Ast | undefined {
  const body = isAst(node) ? node[kind] : undefined
  return isAst(body) ? body : undefined
}

/** The kind of a node: its only key. */
export function kindOf(node: unknown): string | undefined {
  if (!isAst(node)) return undefined
  const keys = Object.keys(node)
  return keys.length === 1 ? keys[0] : undefined
}

export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}

/** Text of an identifier, whether it stands as a name or as `{name}`, wrapped or not. */
export function nameOf(value: unknown): string | null {
  if (typeof value === 'string') return value === '' ? null : value
  if (!isAst(value)) return null
  if (typeof value['name'] === 'string') return value['name']
  return nameOf(value['identifier'] ?? value['column'] ?? value['var'] ?? value['name'] ?? value['this'])
}

export function namesOf(value: unknown): string[] {
  return listOf(value).flatMap((each) => nameOf(each) ?? [])
}

/** `a`, `a.b`, `a.b.c`: the parts of a column or of field accesses on one; undefined for anything else. */
export function dottedParts(node: unknown): string[] | undefined {
  const column = as(node, 'column')
  if (column !== undefined) {
    const name = nameOf(column['name'])
    if (name === null) return undefined
    const table = nameOf(column['table'])
    return table === null ? [name] : [table, name]
  }
  const dot = as(node, 'dot')
  if (dot === undefined) return undefined
  const parts = dottedParts(dot['this'])
  const field = nameOf(dot['field'])
  return parts === undefined || field === null ? undefined : [...parts, field]
}

/** A node without the parentheses around it, and without the comments that the parser hangs on it (`annotated`). */
export function unwrapped(node: unknown): unknown {
  let inner = node
  for (;;) {
    const wrapper = as(inner, 'paren') ?? as(inner, 'annotated')
    if (wrapper === undefined) return inner
    inner = wrapper['this']
  }
}

export function stringLiteral(node: unknown): string | undefined {
  const literal = as(node, 'literal')
  return literal?.['literal_type'] === 'string' ? String(literal['value']) : undefined
}

export function numberLiteral(node: unknown): number | undefined {
  const literal = as(node, 'literal')
  return literal?.['literal_type'] === 'number' ? Number(literal['value']) : undefined
}

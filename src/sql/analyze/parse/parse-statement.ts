import { as, isAst, listOf, nameOf } from '../resolve/ast.js'
import { respelled, splitNested, squeezed } from './sql-text.js'

/** Statements as trees, or why not. */
export type ParsedSql = { readonly tree: readonly unknown[] } | { readonly error: string }

export type ParseSql = (sql: string, dialect: string) => ParsedSql

/** Adapter types whose dialect the parser knows by another name. */
const NAMES: Readonly<Record<string, string>> = { postgres: 'postgresql', spark: 'databricks', athena: 'athena' }

export function dialectName(adapterType: string): string {
  return NAMES[adapterType] ?? adapterType
}

/** Loads the parser: 23 MB of WebAssembly, so only when there is something to parse. */
export async function loadParser(): Promise<ParseSql> {
  const { init, parse } = await import('@polyglot-sql/sdk')
  await init()
  const parseOnce: ParseSql = (sql, dialect) => {
    try {
      const result = parse(sql, dialect as Parameters<typeof parse>[1])
      if (result.success && Array.isArray(result.ast)) return { tree: result.ast as unknown[] }
      return { error: result.error ?? 'the parser gave nothing' }
    } catch (error) {
      return { error: error instanceof Error ? error.message : String(error) }
    }
  }
  const parsePieces = (sql: string, dialect: string, prefix: string): ParsedSql => {
    const whole = parseOnce(sql, dialect)
    if ('tree' in whole || !whole.error.includes('DEPTH')) return whole
    const split = splitNested(sql, prefix)
    if (split.parts.length === 0) return whole
    const pieces = new Map<string, unknown>()
    for (const part of split.parts) {
      const piece = parsePieces(part.sql, dialect, part.name)
      if ('error' in piece) return piece
      pieces.set(part.name.toLowerCase(), piece.tree[0])
    }
    const outer = parsePieces(split.sql, dialect, `${prefix}_x`)
    return 'error' in outer ? outer : { tree: listOf(joinPieces(outer.tree, pieces)) }
  }
  return (sql, dialect) => {
    const short = parsePieces(squeezed(sql), dialect, 'plumb_piece')
    if ('tree' in short) return short
    const first = parsePieces(sql, dialect, 'plumb_piece')
    if ('tree' in first) return first
    const other = respelled(sql)
    const second = other === sql ? first : parsePieces(other, dialect, 'plumb_piece')
    return 'tree' in second ? second : first
  }
}

/** Puts the trees of pieces where the outer statement names them. */
function joinPieces(node: unknown, pieces: ReadonlyMap<string, unknown>): unknown {
  if (Array.isArray(node)) return node.map((each) => joinPieces(each, pieces))
  if (!isAst(node)) return node
  const items = listOf(as(node, 'select')?.['expressions'])
  if (items.length === 1) {
    const piece = pieces.get((nameOf(as(items[0], 'column')?.['name']) ?? '').toLowerCase())
    if (piece !== undefined) return piece
  }
  const out: Record<string, unknown> = {}
  for (const key in node) out[key] = joinPieces(node[key], pieces)
  return out
}

import type { SqlExpr, TextBinding, TextExpr } from '../expr.js'
import { type ClassifiedSql, classifySql } from './classify.js'
import { type Hole, isSignificant, type SqlToken, tokenizeSql } from './tokens.js'

/** A column named in a text. */
export interface ColumnPart {
  readonly column: string
  readonly quoted: boolean
  /** As written, quotes included. */
  readonly text: string
}

/** A string, to be written by the dialect: only in texts that came from a caller. */
export interface StringPart {
  readonly string: string
}

export type ExpressionPart = string | ColumnPart | StringPart | Hole

/** An SQL expression of the author or a caller, taken apart just enough to know its columns. */
export interface ExpressionText {
  readonly parts: readonly ExpressionPart[]
  readonly binding: TextBinding
  /**
   * False when the text holds a construct (a sub-query, a window, an unknown sign) that hides which words are
   * columns: it can only be used where its own table is the only one in sight.
   */
  readonly certain: boolean
}

/** Reads an expression written by the project's author. Never throws; see `certain`. */
export function readExpression(
  segments: string | readonly (string | Hole)[],
  known?: ReadonlySet<string>,
): ExpressionText {
  const classified = classifySql(tokenizeSql(typeof segments === 'string' ? [segments] : segments), known)
  return toExpression(classified, (token) => token.text)
}

/** Joins tokens to parts; `plain` writes a token that is neither column nor hole. */
export function toExpression(
  classified: ClassifiedSql,
  plain: (token: SqlToken) => string | StringPart,
): ExpressionText {
  const parts: ExpressionPart[] = []
  classified.tokens.forEach((token, index) => {
    if (token.kind === 'hole') parts.push({ hole: token.index })
    else if (classified.roles.get(index) === 'column') {
      const quoted = token.kind === 'quoted'
      parts.push({ column: quoted ? token.value : token.text, quoted, text: token.text })
    } else {
      const part = plain(token)
      const last = parts.at(-1)
      if (typeof part === 'string' && typeof last === 'string') parts[parts.length - 1] = last + part
      else parts.push(part)
    }
  })
  return { parts: trimmed(parts), binding: bindingOf(classified), certain: classified.certain }
}

function trimmed(parts: ExpressionPart[]): ExpressionPart[] {
  const first = parts[0]
  if (typeof first === 'string') parts[0] = first.trimStart()
  const last = parts.at(-1)
  if (typeof last === 'string') parts[parts.length - 1] = last.trimEnd()
  return parts.filter((part) => part !== '')
}

function bindingOf({ tokens, roles, certain }: ClassifiedSql): TextBinding {
  if (!certain || tokens.some((token) => token.kind === 'comment')) return 'or'
  const places = tokens.flatMap((token, index) => (isSignificant(token) ? [index] : []))
  if (places.length === 1) return 'atom'
  if (isEnclosed(tokens, roles, places)) return 'atom'
  let depth = 0
  for (const index of places) {
    const token = tokens[index]!
    if (token.kind === 'operator' && token.text === '(') depth++
    else if (token.kind === 'operator' && token.text === ')') depth--
    else if (depth === 0 && token.kind === 'word' && token.text.toLowerCase() === 'or') return 'or'
  }
  return 'and'
}

/** `f(...)` or `(...)` from end to end, or a dotted name. */
function isEnclosed(tokens: readonly SqlToken[], roles: ClassifiedSql['roles'], places: readonly number[]): boolean {
  if (places.every((index) => ['column', 'field'].includes(roles.get(index) ?? '') || tokens[index]!.text === '.')) {
    return true
  }
  const open = roles.get(places[0]!) === 'function' ? 1 : 0
  if (tokens[places[open]!]?.text !== '(') return false
  let depth = 0
  for (let position = open; position < places.length; position++) {
    const token = tokens[places[position]!]!
    if (token.kind !== 'operator') continue
    if (token.text === '(') depth++
    if (token.text === ')' && --depth === 0) return position === places.length - 1
  }
  return false
}

/** The columns a text names, each once. */
export function columnsOf(text: ExpressionText): readonly string[] {
  const names = text.parts.flatMap((part) => (typeof part === 'object' && 'column' in part ? [part.column] : []))
  return [...new Set(names)]
}

/**
 * Puts expressions in the places of columns and holes. A column that `bindColumn` does not know stays as written.
 */
export function bindExpression(
  text: ExpressionText,
  bindColumn: (part: ColumnPart) => SqlExpr | undefined,
  bindHole: (index: number) => SqlExpr = () => ({ kind: 'text', parts: [''], binding: 'atom' }),
): SqlExpr {
  const parts = text.parts.map((part): string | SqlExpr => {
    if (typeof part === 'string') return part
    if ('hole' in part) return bindHole(part.hole)
    if ('string' in part) return { kind: 'literal', type: 'string', value: part.string }
    return bindColumn(part) ?? part.text
  })
  const only = parts.length === 1 ? parts[0] : undefined
  if (typeof only === 'object') return only
  return { kind: 'text', parts, binding: text.binding } satisfies TextExpr
}

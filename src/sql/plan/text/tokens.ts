/** One piece of an SQL expression as written. `hole` stands where a template object was. */
export type SqlToken =
  | { readonly kind: 'space'; readonly text: string }
  | { readonly kind: 'comment'; readonly text: string }
  | { readonly kind: 'string'; readonly text: string; readonly value: string }
  | { readonly kind: 'number'; readonly text: string }
  | { readonly kind: 'word'; readonly text: string }
  | { readonly kind: 'quoted'; readonly text: string; readonly value: string }
  | { readonly kind: 'operator'; readonly text: string }
  | { readonly kind: 'hole'; readonly text: string; readonly index: number }
  | { readonly kind: 'unknown'; readonly text: string }

/** A hole in a text: the index tells which template object goes there. */
export interface Hole {
  readonly hole: number
}

const SPACE = /\s+/y
const COMMENT = /--[^\n]*|\/\*[\s\S]*?\*\//y
const STRING = /'(?:[^']|'')*'/y
const QUOTED = /"(?:[^"]|"")+"|`[^`]+`/y
/** `12`, `1.5`, `.5`, `1e-3` */
const NUMBER = /(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?/y
const WORD = /[\p{L}_][\p{L}\p{N}_$]*/uy
/** Longest first: `::` before `:`, `<>` before `<`. */
const OPERATOR = /::|<=>|<>|!=|<=|>=|==|\|\||->>|->|=>|!~~\*|!~\*|!~|~\*|[-+*/%=<>~()[\],.^&|]/y

/**
 * Splits an SQL expression into tokens that, joined, give the text again. Never throws: what cannot be a token of
 * any dialect (an open quote, `;`, `{`) becomes `unknown`.
 */
export function tokenizeSql(segments: readonly (string | Hole)[]): SqlToken[] {
  const tokens: SqlToken[] = []
  for (const segment of segments) {
    if (typeof segment === 'string') tokenizeText(segment, tokens)
    else tokens.push({ kind: 'hole', text: '', index: segment.hole })
  }
  return tokens
}

function tokenizeText(text: string, tokens: SqlToken[]): void {
  let at = 0
  const match = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = at
    const found = pattern.exec(text)?.[0]
    if (found !== undefined) at += found.length
    return found
  }
  while (at < text.length) {
    let piece = match(SPACE)
    if (piece !== undefined) {
      tokens.push({ kind: 'space', text: piece })
    } else if ((piece = match(COMMENT)) !== undefined) {
      tokens.push({ kind: 'comment', text: piece })
    } else if ((piece = match(STRING)) !== undefined) {
      tokens.push({ kind: 'string', text: piece, value: piece.slice(1, -1).replaceAll("''", "'") })
    } else if ((piece = match(QUOTED)) !== undefined) {
      tokens.push({ kind: 'quoted', text: piece, value: unquote(piece) })
    } else if ((piece = match(WORD)) !== undefined) {
      tokens.push({ kind: 'word', text: piece })
    } else if ((piece = match(NUMBER)) !== undefined) {
      tokens.push({ kind: 'number', text: piece })
    } else if ((piece = match(OPERATOR)) !== undefined) {
      tokens.push({ kind: 'operator', text: piece })
    } else {
      tokens.push({ kind: 'unknown', text: text[at]! })
      at++
    }
  }
}

function unquote(text: string): string {
  const inner = text.slice(1, -1)
  return text.startsWith('"') ? inner.replaceAll('""', '"') : inner
}

/** Whether a token carries meaning: not white space, not a comment. */
export function isSignificant(token: SqlToken): boolean {
  return token.kind !== 'space' && token.kind !== 'comment'
}

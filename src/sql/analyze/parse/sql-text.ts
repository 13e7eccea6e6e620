/** Where strings, quoted names and comments of a statement are: what must not be taken for SQL. */
const OPAQUE = /--[^\n]*|\/\*[\s\S]*?\*\/|'(?:[^']|'')*'|"(?:[^"]|"")*"|`[^`]*`|\$([A-Za-z_]*)\$[\s\S]*?\$\1\$/y

/** Calls `visit` for every character outside of strings, quoted names and comments; it says where to go on. */
export function eachInk(sql: string, visit: (offset: number) => number | undefined): void {
  for (let at = 0; at < sql.length; ) {
    const c = sql[at]!
    if (c === "'" || c === '"' || c === '`' || c === '-' || c === '/' || c === '$') {
      OPAQUE.lastIndex = at
      const match = OPAQUE.exec(sql)
      if (match !== null) {
        at += match[0].length
        continue
      }
    }
    at = visit(at) ?? at + 1
  }
}

/** Strings and quoted names stay as they are; comments and blanks are what may go. */
const BLANKS = /'(?:[^']|'')*'|"(?:[^"]|"")*"|`[^`]*`|\$([A-Za-z_]*)\$[\s\S]*?\$\1\$|(?:\s|--[^\n]*|\/\*[\s\S]*?\*\/)+/g

/**
 * The statement without comments, every run of blanks as one: of what templates leave behind, half is nothing. Where a
 * backslash may make a quote part of a string, it stays as it is.
 */
export function squeezed(sql: string): string {
  return sql.includes('\\') ? sql : sql.replace(BLANKS, (piece) => (/^['"`$]/.test(piece) ? piece : ' '))
}

/** Spellings that the parser lacks, and others of the same columns. */
const RESPELLED: readonly { readonly from: RegExp; readonly to: string }[] = [
  { from: /\/\//y, to: '/' },
  { from: /(?:using\s+sample|tablesample)\s+[\d.]+\s*%/iy, to: '' },
  // `* like 'a%'`
  { from: /\*\s+((?:not\s+)?(?:i?like|glob)\s+'(?:[^']|'')*')/iy, to: 'columns(c -> c $1)' },
  { from: /\*\s+similar\s+to\s+('(?:[^']|'')*')/iy, to: 'columns($1)' },
  // Snowflake's `items[0]:sku`
  { from: /\]:(?=[A-Za-z_"])/y, to: '].' },
  // `table main.orders`
  { from: /(?<=^\s*|\()table\s+(?=[\w"]+(?:\.[\w"]+)+\s*(?:\)|;|$))/iy, to: 'select * from ' },
]

/** Writes what the parser lacks in ways that it knows. */
export function respelled(sql: string): string {
  let out = ''
  let copied = 0
  eachInk(sql, (at) => {
    for (const { from, to } of RESPELLED) {
      from.lastIndex = at
      const found = from.exec(sql)
      if (found === null) continue
      out += sql.slice(copied, at) + to.replace('$1', () => found[1] ?? '')
      copied = at + found[0].length
      return copied
    }
    return undefined
  })
  return out + sql.slice(copied)
}

export interface SplitStatement {
  readonly sql: string
  /** What stood where the outer statement now has `select <name>`. */
  readonly parts: readonly { readonly name: string; readonly sql: string }[]
}

/** Levels of sub-queries that are parsed at once. */
const LEVELS = 6

/** Cuts a deeply nested statement into pieces: every sub-query that lies `LEVELS` deep becomes one of its own. */
export function splitNested(sql: string, prefix: string): SplitStatement {
  const stack: { readonly start: number; readonly isQuery: boolean }[] = []
  const cuts: { readonly start: number; readonly end: number }[] = []
  let depth = 0
  eachInk(sql, (at) => {
    if (sql[at] === '(') {
      const isQuery = /^\(\s*(?:--[^\n]*\n\s*)*(?:select|with|from)\b/i.test(sql.slice(at, at + 400))
      if (isQuery) depth++
      stack.push({ start: at, isQuery })
    } else if (sql[at] === ')') {
      const open = stack.pop()
      if (open?.isQuery !== true) return undefined
      if (depth === LEVELS) cuts.push({ start: open.start + 1, end: at })
      depth--
    }
    return undefined
  })
  const parts: { name: string; sql: string }[] = []
  let out = ''
  let copied = 0
  for (const { start, end } of cuts) {
    const name = `${prefix}_${parts.length}`
    parts.push({ name, sql: sql.slice(start, end) })
    out += `${sql.slice(copied, start)}select ${name}`
    copied = end
  }
  return { sql: out + sql.slice(copied), parts }
}

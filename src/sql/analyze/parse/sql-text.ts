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

/** Spellings that the parser lacks, as others of the same columns: `a // b`, `tablesample 10%`. */
export function respelled(sql: string): string {
  let out = ''
  let copied = 0
  eachInk(sql, (at) => {
    const odd = sql.startsWith('//', at)
      ? '//'
      : /^(?:using\s+sample|tablesample)\s+[\d.]+\s*%/i.exec(sql.slice(at, at + 60))?.[0]
    if (odd === undefined) return undefined
    out += `${sql.slice(copied, at)}${odd === '//' ? '/' : ''}`
    copied = at + odd.length
    return copied
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

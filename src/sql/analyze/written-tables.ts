/** A table's name as a statement writes it. */
export interface WrittenTable {
  readonly parts: readonly string[]
  readonly start: number
  readonly end: number
}

/** Comments and texts, quoted names, words, what else means something here, and everything between in one piece. */
const TOKEN =
  /--[^\n]*|\/\*[\s\S]*?\*\/|'(?:[^']|'')*'|"(?:[^"]|"")*"|`[^`]*`|\$([A-Za-z_]*)\$[\s\S]*?\$\1\$|[A-Za-z_\u0080-\uffff][\w$\u0080-\uffff]*|[(),.]|[^A-Za-z_\u0080-\uffff(),.'"`$/-]+|[\s\S]/g

interface Token {
  /** Lower case for bare words; undefined for anything that is no name. */
  readonly name: string | undefined
  readonly bare: boolean
  readonly text: string
  readonly start: number
}

/** Schemas that every warehouse has; nobody declares those as sources. */
const SYSTEM =
  /(^|\.)(information_schema|pg_catalog|sys|system|snowflake|duckdb_\w+|pragma_\w+|sqlite_master)(\.|$)|^(pg_\w+|dual)$/i

export function isSystemTable(name: string): boolean {
  return SYSTEM.test(name)
}

/**
 * Tables that a statement names with a schema (`schema.table`, `database.schema.table`), found by reading its words and
 * not its grammar: a thousandth of the cost of a parse. Functions, CTEs and fields of what stands before in the same
 * FROM are none.
 * @param bare names without a schema, too, where no CTE has them
 */
export function writtenTables(sql: string, { bare = false }: { readonly bare?: boolean } = {}): WrittenTable[] {
  const tokens = tokensOf(sql)
  const found: WrittenTable[] = []
  const aliases = new Set<string>()
  const ctes = bare ? namesOfCtes(tokens) : undefined
  /** For each open parenthesis: is it a query, and is the place in its FROM clause? */
  const open: { isQuery: boolean; inFrom: boolean }[] = [{ isQuery: true, inFrom: false }]
  let wanted = false
  for (let i = 0; i < tokens.length; i++) {
    const token = tokens[i]!
    const level = open.at(-1)!
    const word = token.bare ? token.name : undefined
    if (token.text === '(') {
      open.push({ isQuery: startsQuery(tokens[i + 1]) || wanted, inFrom: wanted })
      wanted = wanted && !startsQuery(tokens[i + 1])
      continue
    }
    if (token.text === ')') {
      if (open.length > 1) open.pop()
      const alias = aliasAt(tokens, i + 1)
      if (alias !== undefined) aliases.add(alias)
      wanted = false
    } else if (token.text === ',' && level.inFrom) wanted = true
    else if (word === 'from' && level.isQuery && tokens[i - 1]?.name !== 'distinct') level.inFrom = wanted = true
    else if (/^(?:un)?pivot$/.test(word ?? '') && tokens[i + 1]?.text !== '(') wanted = true
    else if (word === 'join') level.inFrom = wanted = true
    else if (word !== undefined && ENDS_FROM.has(word)) level.inFrom = wanted = false
    else if (word !== undefined && BEFORE_TABLE.has(word)) continue
    else if (word !== undefined && NO_TABLE.has(word)) wanted = false
    else if (wanted && token.name !== undefined) {
      const parts = [token.name]
      while (tokens[i + 1]?.text === '.' && tokens[i + 2]?.name !== undefined) {
        parts.push(tokens[i + 2]!.name!)
        i += 2
      }
      wanted = false
      const last = tokens[i]!
      const isCall = tokens[i + 1]?.text === '('
      // Fields of what stands before it.
      const isTable =
        parts.length > 1 ? !aliases.has(parts[0]!.toLowerCase()) : ctes?.has(parts[0]!.toLowerCase()) === false
      if (!isCall && isTable) found.push({ parts, start: token.start, end: last.start + last.text.length })
      aliases.add(aliasAt(tokens, i + 1) ?? parts.at(-1)!.toLowerCase())
    }
  }
  return found
}

/** Names before `as (`, with or without a list of columns between: some are no CTEs, but no tables either. */
function namesOfCtes(tokens: readonly Token[]): ReadonlySet<string> {
  const names = new Set<string>()
  for (let i = 1; i < tokens.length - 1; i++) {
    if (tokens[i]!.name !== 'as' || !tokens[i]!.bare) continue
    if (tokens[i + 1]!.text !== '(' && !/^(?:not|materialized)$/.test(tokens[i + 1]!.name ?? '')) continue
    let at = i - 1
    if (tokens[at]!.text === ')') while (at > 0 && tokens[at]!.text !== '(') at--
    const name = tokens[at]!.text === '(' ? tokens[at - 1]?.name : tokens[at]!.name
    if (name !== undefined) names.add(name.toLowerCase())
  }
  return names
}

function tokensOf(sql: string): Token[] {
  const tokens: Token[] = []
  for (const match of sql.matchAll(TOKEN)) {
    const text = match[0]
    const code = text.charCodeAt(0)
    if (isLetter(code)) tokens.push({ name: text.toLowerCase(), bare: true, text, start: match.index })
    else if ((code === QUOTE || code === BACKTICK) && text.length > 2)
      tokens.push({ name: text.slice(1, -1).replaceAll('""', '"'), bare: false, text, start: match.index })
    else if (!text.startsWith('--') && !text.startsWith('/*') && text.trim() !== '')
      tokens.push({ name: undefined, bare: false, text, start: match.index })
  }
  return tokens
}

const QUOTE = 34
const BACKTICK = 96

function isLetter(code: number): boolean {
  return (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || code === 95 || code > 127
}

function startsQuery(token: Token | undefined): boolean {
  return token?.text === '(' || (token?.bare === true && /^(select|with|from|values)$/.test(token.name ?? ''))
}

/** The name that follows a relation: `orders o`, `orders as o`. */
function aliasAt(tokens: readonly Token[], at: number): string | undefined {
  const next = tokens[at]
  const named = next?.bare === true && next.name === 'as' ? tokens[at + 1] : next
  if (named?.name === undefined || (named.bare && (ENDS_FROM.has(named.name) || NO_ALIAS.has(named.name))))
    return undefined
  return named.name.toLowerCase()
}

const ENDS_FROM = new Set(
  'select where group order having qualify union intersect except limit window offset fetch set returning'.split(' '),
)
const BEFORE_TABLE = new Set(['lateral', 'only'])
const NO_TABLE = new Set('unnest table values with'.split(' '))
const NO_ALIAS = new Set(
  'on using join inner left right full cross natural asof positional semi anti pivot unpivot tablesample lateral'.split(
    ' ',
  ),
)

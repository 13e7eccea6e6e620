import type { Node } from 'libpg-query'
import { refuse, SQLSTATE } from '../protocol/wire-error.js'

/** One statement of a text, as PostgreSQL's own parser reads it. */
export interface ParsedStatement {
  readonly node: Node
  /** The statement's own text, without the semicolon. */
  readonly text: string
  /** Where it begins in the whole text, in bytes: locations in `node` count from the whole's start. */
  readonly offset: number
  /** The whole text it came in. */
  readonly whole: string
}

interface Parser {
  readonly parseSync: (text: string) => { readonly stmts?: readonly unknown[] }
  readonly scanSync: (text: string) => { readonly tokens: readonly ScannedToken[] }
  readonly hasSqlDetails: (
    error: unknown,
  ) => error is Error & { readonly sqlDetails?: { readonly cursorPosition: number } }
}

/** A word or sign, with its place in bytes. */
export interface ScannedToken {
  readonly start: number
  readonly end: number
  readonly text: string
}

/** Texts longer than this are parsed anew each time instead of being remembered. */
const CACHED_LENGTH = 32_768
const CACHED_TEXTS = 500
/** Deeper nesting than any person or tool writes; the parser's stack ends somewhere behind it. */
const DEEPEST = 1000

/** PostgreSQL's parser, loaded when it is first needed; it remembers what it read. */
export class SqlParser {
  readonly #parser: Parser
  readonly #cache = new Map<string, readonly ParsedStatement[]>()

  private constructor(parser: Parser) {
    this.#parser = parser
  }

  static async load(): Promise<SqlParser> {
    const parser = await import('libpg-query')
    await parser.loadModule()
    return new SqlParser(parser)
  }

  /** @throws WireError `42601` with the place. */
  parse(text: string): readonly ParsedStatement[] {
    const known = this.#cache.get(text)
    if (known !== undefined) return known
    checkDepth(text)
    const statements = this.#read(text)
    if (text.length <= CACHED_LENGTH) {
      const oldest = this.#cache.size >= CACHED_TEXTS ? this.#cache.keys().next().value : undefined
      if (oldest !== undefined) this.#cache.delete(oldest)
      this.#cache.set(text, statements)
    }
    return statements
  }

  tokens(text: string): readonly ScannedToken[] {
    return this.#parser.scanSync(text).tokens
  }

  #read(text: string): readonly ParsedStatement[] {
    let stmts: readonly unknown[]
    try {
      stmts = this.#parser.parseSync(text).stmts ?? []
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error)
      const at = this.#parser.hasSqlDetails(error) ? error.sqlDetails?.cursorPosition : undefined
      if (text.trim() === '' || /cannot be empty/.test(message)) return []
      return refuse(SQLSTATE.syntaxError, message, { location: at === undefined || at < 0 ? undefined : at })
    }
    const bytes = Buffer.from(text, 'utf8')
    return stmts.map((raw) => {
      const { stmt, stmt_location = 0, stmt_len = 0 } = raw as { stmt: Node; stmt_location?: number; stmt_len?: number }
      const end = stmt_len === 0 ? bytes.length : stmt_location + stmt_len
      return {
        node: stmt,
        text: bytes.subarray(stmt_location, end).toString('utf8'),
        offset: stmt_location,
        whole: text,
      }
    })
  }
}

/** Refuses what only an attacker writes before the parser's stack has to hold it. */
function checkDepth(text: string): void {
  let depth = 0
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    if (code === 40 || code === 91) {
      if (++depth > DEEPEST) refuse(SQLSTATE.programLimit, `the statement is nested more than ${DEEPEST} levels deep`)
    } else if (code === 41 || code === 93) depth--
  }
}

import type { Connection } from '../adapter.js'
import type { TemplateRelation } from '../template-arguments.js'
import { stringLiteral } from './dialect.js'

const KEY_TYPES: Readonly<Record<string, string>> = {
  'PRIMARY KEY': 'primary_key',
  UNIQUE: 'unique',
  'FOREIGN KEY': 'foreign_key',
}

/** A statement that may give a table a key. */
const MAKES_KEYS = /\b(?:primary\s+key|unique|references)\b/i

type Connect = () => Promise<Connection>

/**
 * Which tables have key constraints. Asked before every table that is built, and `duckdb_constraints()` walks through all
 * tables of all databases for each answer: asking once whether there is any key at all spares a thousand tables that.
 */
export class KeyConstraints {
  readonly #duckdb = new Map<string, boolean>()
  #none: boolean | Promise<boolean> | null = null
  #mayHaveCome = false

  /** Told of every statement, or, without one, that statements are sent which nobody here sees. */
  note(sql?: string): void {
    this.#mayHaveCome ||= sql === undefined || MAKES_KEYS.test(sql)
  }

  /** Whether the database is one of DuckDB's own, where foreign keys exist; an attached one stays what it is. */
  possibleIn(database: string, connect: Connect): boolean | Promise<boolean> {
    const key = database.toLowerCase()
    return (
      this.#duckdb.get(key) ??
      isDuckDB(database, connect).then((answer) => {
        this.#duckdb.set(key, answer)
        return answer
      })
    )
  }

  /** `primary_key`, `unique`, `foreign_key`: those that the table has, in alphabetical order. */
  typesOn(relation: TemplateRelation, connect: Connect): string[] | Promise<string[]> {
    // The usual case, without a promise: every one of them makes a template slower.
    return this.#none === true && !this.#mayHaveCome ? [] : this.#ask(relation, connect)
  }

  async #ask(relation: TemplateRelation, connect: Connect): Promise<string[]> {
    if (await this.#noneAnywhere(connect)) return []
    const same = (column: string, value: string | null) => `lower(${column}) = lower(${stringLiteral(value ?? '')})`
    const types = await firstColumn(
      connect,
      `select distinct constraint_type from duckdb_constraints()
       where ${same('database_name', relation.database)} and ${same('schema_name', relation.schema)}
         and ${same('table_name', relation.identifier)}`,
    )
    return types
      .map((type) => KEY_TYPES[type])
      .filter((type) => type !== undefined)
      .sort()
  }

  async #noneAnywhere(connect: Connect): Promise<boolean> {
    if (this.#mayHaveCome) return false
    const kinds = Object.keys(KEY_TYPES).map(stringLiteral).join(', ')
    this.#none ??= firstColumn(
      connect,
      `select 1 from duckdb_constraints() where constraint_type in (${kinds}) limit 1`,
    ).then((found) => found.length === 0)
    try {
      this.#none = await this.#none
      // A key may have come while the answer was on its way.
      return this.#none && !this.#mayHaveCome
    } catch (error) {
      this.#none = null
      throw error
    }
  }
}

async function isDuckDB(database: string, connect: Connect): Promise<boolean> {
  const types = await firstColumn(
    connect,
    `select type from duckdb_databases() where lower(database_name) = lower(${stringLiteral(database)})`,
  )
  return types[0]?.toLowerCase() === 'duckdb'
}

async function firstColumn(connect: Connect, sql: string): Promise<string[]> {
  const connection = await connect()
  const result = await connection.execute(sql, { fetch: true })
  return (result.data[0] ?? []).map(String)
}

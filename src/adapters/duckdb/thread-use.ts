import { statSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import type { DuckDBConnection, DuckDBInstance, DuckDBMaterializedResult } from '@duckdb/node-api'
import type { DuckDBCredentials } from './credentials.js'
import { rowsWritten } from './results.js'

/**
 * Rows up to which DuckDB gives a table to one thread anyway (its row groups have 122,880). Where nothing is larger,
 * waking its other threads for each of thousands of statements costs a fifth of a build and gains nothing: the
 * statements already run beside each other.
 */
const SMALL_TABLE = 100_000

/** A statement that takes longer has something to share out, whatever its tables looked like. */
const LONG_STATEMENT_MS = 500

const SMALL_FILE = 8 * 1024 * 1024

/**
 * Rows that come from elsewhere than a table whose size is known: files, table functions (but those of the catalogue),
 * other databases. And those who look at the settings see the ones that they made.
 */
const UNKNOWN_ROWS =
  /\b(?:from|join)\s+(?:lateral\s+)?(?:'|(?!duckdb_(?!settings))[\w."]+\s*\()|\b(?:range|generate_series|unnest|glob|read_\w+|\w+_scan|query|query_table)\s*\(|\b(?:attach|import|threads|current_setting)\b/i

/** `copy <table> ... from '<file>'`, as a seed is loaded. */
const LOADS_FILE = /^\s*(?:\/\*[\s\S]*?\*\/\s*)?copy\s[^']*\sfrom\s+'((?:[^']|'')+)'/i

const LARGEST_THING = `
  select greatest(
    coalesce((select max(estimated_size) from duckdb_tables() where not internal), 0),
    (select case when count(*) > 1 then ${SMALL_TABLE + 1} else 0 end from duckdb_databases() where not internal),
    (select case when count(*) > 0 then ${SMALL_TABLE + 1} else 0 end from duckdb_views()
     where not internal and regexp_matches(sql, '(from|join)\\s+(lateral\\s+)?(''|[\\w."]+\\s*\\()|_scan\\s*\\(', 'is'))
  )::double`

/**
 * How many threads DuckDB uses for one statement: one while everything there is, is small, and all of them from the
 * first sign of anything larger, to the end. Never more or fewer than the profile says, where it says so.
 */
export class ThreadUse {
  #narrow = true
  #widening: Promise<unknown> | null = null

  private constructor(private readonly connection: DuckDBConnection) {}

  /** @returns null where the number of threads is not ours to choose, or something large is there already. */
  static async begin(instance: DuckDBInstance, credentials: DuckDBCredentials): Promise<ThreadUse | null> {
    if (availableParallelism() === 1 || !isOurs(credentials)) return null
    const connection = await instance.connect()
    const largest = (await connection.runAndReadAll(LARGEST_THING)).getRowsJS()[0]?.[0]
    if (Number(largest) > SMALL_TABLE) {
      connection.closeSync()
      return null
    }
    await connection.run('SET GLOBAL threads = 1')
    return new ThreadUse(connection)
  }

  /** Before a statement: what to wait for until DuckDB has its threads back, if this one may need them. */
  before(sql: string): Promise<unknown> | null {
    return this.#narrow && mayReadMuch(sql) ? this.widen() : this.#widening
  }

  /** After a statement: what it took and wrote may tell that the next ones are no longer small. */
  after(written: DuckDBMaterializedResult | null, milliseconds: number): void {
    if (!this.#narrow) return
    if (milliseconds > LONG_STATEMENT_MS || (written !== null && rowsWritten(written) > SMALL_TABLE)) void this.widen()
  }

  /** All threads, from now on. */
  async widen(): Promise<void> {
    if (!this.#narrow) return
    this.#narrow = false
    // Were it refused, work would go on with one thread: slower, but right.
    this.#widening = this.connection.run('RESET GLOBAL threads').catch(() => {})
    await this.#widening
    this.#widening = null
  }

  /** Another user of the same database in this process finds the threads as they were. */
  async end(): Promise<void> {
    await this.widen()
    this.connection.closeSync()
  }
}

function isOurs({ settings, config_options, attach, extensions, secretList }: DuckDBCredentials): boolean {
  const given = [...Object.keys(settings), ...Object.keys(config_options ?? {})]
  // Extensions and secrets are there to read from elsewhere.
  return (
    !given.some((key) => /threads$/i.test(key)) &&
    [attach, extensions, secretList].every((list) => (list ?? []).length === 0)
  )
}

function mayReadMuch(sql: string): boolean {
  if (!UNKNOWN_ROWS.test(sql)) return false
  const file = LOADS_FILE.exec(sql)?.[1]
  return file === undefined || !isSmallFile(file.replaceAll("''", "'"))
}

function isSmallFile(path: string): boolean {
  try {
    return statSync(path).size <= SMALL_FILE
  } catch {
    return false
  }
}

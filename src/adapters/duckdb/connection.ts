import { setTimeout as sleep } from 'node:timers/promises'
import type { DuckDBConnection as DriverConnection } from '@duckdb/node-api'
import { internalError, type PlumbError } from '../../core/diagnostic.js'
import type { Connection, ExecuteOptions, QueryResult } from '../adapter.js'
import type { RelationName } from '../relation.js'
import type { RowStream, StreamOptions } from '../vectors.js'
import { bindingValue } from './bindings.js'
import type { Retries } from './credentials.js'
import { databaseError, exceptionName, interrupted } from './errors.js'
import type { KeyConstraints } from './key-constraints.js'
import { loadRows } from './load-rows.js'
import { noRows, queryResult } from './results.js'
import { startStream } from './stream.js'
import type { ThreadUse } from './thread-use.js'

/** Statements that leave something in the session which the next user of it must not find. */
const LEAVES_TRACES = /\b(?:set|reset|pragma|temp|temporary|prepare|use|variable|call)\b/i

/** A query that only reads: it needs no transaction of its own. */
const ONLY_READS = /^(?:\s|--[^\n]*\n|\/\*(?:[^*]|\*(?!\/))*\*\/)*select\b[^;]*;?\s*$/i

const BEGIN = 'BEGIN; '

/** How often a lone statement that lost against a concurrent change of the catalogue is tried again. */
const CONFLICT_ATTEMPTS = 6

/** Milliseconds between two attempts to interrupt a statement. */
const CANCEL_PAUSE = 25

export interface SessionOptions {
  readonly disableTransactions: boolean
  readonly retries: Retries | null
  /** Watches the statements, to give DuckDB the threads that they need. */
  readonly threads: ThreadUse | null
  readonly keys: KeyConstraints
  /** Aborted when the user stops the run: no statement begins after that. */
  readonly signal: AbortSignal
  /** Takes the driver's connection back; `clean` when nobody can tell that it was used. */
  readonly onRelease: (driver: DriverConnection, clean: boolean) => void
}

/** One DuckDB connection of the shared instance: a session with its own transaction and temporary tables. */
export class DuckDBSession implements Connection {
  readonly name: string
  readonly #driver: DriverConnection
  readonly #options: SessionOptions
  #inTransaction = false
  #running = 0
  #clean = true
  #released = false

  constructor(name: string, driver: DriverConnection, options: SessionOptions) {
    this.name = name
    this.#driver = driver
    this.#options = options
  }

  get inTransaction(): boolean {
    return this.#inTransaction
  }

  /**
   * Runs one or more statements; the result is the last one's. An error rolls an open transaction back, as in dbt.
   * @throws PlumbError kind `database`.
   */
  async execute(sql: string, options: ExecuteOptions = {}): Promise<QueryResult> {
    const widened = this.#options.threads?.before(sql)
    if (widened) await widened
    if (this.#options.signal.aborted) throw interrupted()
    this.#clean &&= !LEAVES_TRACES.test(sql)
    this.#options.keys.note(sql)
    if (this.showsBegin(sql, options)) {
      if (options.bindings === undefined && !this.#options.retries?.query_attempts) {
        // BEGIN and the first statement of the transaction in one call.
        this.#inTransaction = true
        return this.#send(sql, options, BEGIN)
      }
      await this.begin()
    }
    return this.#send(sql, options, '')
  }

  /** dbt begins for queries too; but two more calls for each of thousands of tests are most of what a test costs. */
  showsBegin(sql: string, { autoBegin }: ExecuteOptions): boolean {
    if (autoBegin !== true || this.#inTransaction || this.#options.disableTransactions) return false
    return !ONLY_READS.test(sql)
  }

  /** @param prefix statements sent before it in the same call. */
  async #send(sql: string, options: ExecuteOptions, prefix: string): Promise<QueryResult> {
    const bindings = options.bindings?.map(bindingValue)
    const started = performance.now()
    const result = await this.#attempt(sql, () => this.#driver.run(`${prefix}${sql}`, bindings), prefix.length)
    // What is asked for its rows wrote none.
    this.#options.threads?.after(options.fetch === true ? null : result, performance.now() - started)
    this.#noteTransaction(sql)
    return options.fetch === true ? queryResult(result, options.limit) : noRows
  }

  /** Rows come in the driver's chunks; the connection is thrown away when the stream is not read to its end. */
  async stream(sql: string, options: StreamOptions = {}): Promise<RowStream> {
    await this.#options.threads?.widen()
    if (this.#options.signal.aborted || options.signal?.aborted === true) throw interrupted()
    this.#clean &&= !LEAVES_TRACES.test(sql)
    this.#running++
    return startStream(this.#driver, sql, options.bindings?.map(bindingValue), {
      signal: options.signal,
      inTransaction: this.#inTransaction || this.#options.disableTransactions,
      onEnd: (completely) => {
        this.#running--
        this.#clean &&= completely
      },
    })
  }

  async begin(): Promise<void> {
    if (this.#inTransaction)
      throw internalError(`Tried to begin a new transaction on connection "${this.name}", but it already had one open!`)
    await this.#attempt('BEGIN', () => this.#driver.run('BEGIN'))
    this.#inTransaction = true
  }

  async commit(): Promise<void> {
    if (!this.#inTransaction)
      throw internalError(`Tried to commit transaction on connection "${this.name}", but it does not have one open!`)
    await this.#attempt('COMMIT', () => this.#driver.run('COMMIT'))
    this.#inTransaction = false
  }

  /** Ends the transaction without its changes; does nothing when there is none. */
  async rollback(): Promise<void> {
    if (!this.#inTransaction) return
    this.#inTransaction = false
    try {
      await this.#driver.run('ROLLBACK')
    } catch {
      // DuckDB has already ended the transaction itself: that is what was wanted.
    }
  }

  async cancel(): Promise<void> {
    // DuckDB forgets an interrupt that comes before it has begun with the statement: it is said until it was heard.
    while (this.#running > 0) {
      this.#driver.interrupt()
      await sleep(CANCEL_PAUSE)
    }
  }

  /** Loads rows through the appender, DuckDB casting the text to the columns' types. */
  async loadRows(
    relation: RelationName,
    columns: readonly string[],
    rows: readonly (readonly (string | null)[])[],
  ): Promise<number> {
    return this.#attempt(`insert into ${relation.identifier}`, () => loadRows(this.#driver, relation, columns, rows))
  }

  /** Rolls back what is open and ends the session; its temporary tables and settings go with it. */
  async release(): Promise<void> {
    if (this.#released) return
    this.#released = true
    await this.rollback()
    this.#options.onRelease(this.#driver, this.#clean && this.#running === 0)
  }

  /** @param prefix length of what was sent before `sql`. */
  async #attempt<T>(sql: string, work: () => Promise<T>, prefix = 0): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      this.#running++
      let raw: unknown
      try {
        return await work()
      } catch (thrown) {
        raw = thrown
      } finally {
        this.#running--
      }
      const error = databaseError(raw, sql, prefix)
      const wait = this.#options.signal.aborted ? null : this.#waitBeforeRetry(error, sql, attempt)
      if (wait === null) {
        await this.rollback()
        throw error
      }
      await sleep(wait)
    }
  }

  /** Milliseconds until the next try, or null when the error stands. */
  #waitBeforeRetry(error: PlumbError, sql: string, attempt: number): number | null {
    const { retries } = this.#options
    const name = exceptionName(error)
    if (retries?.query_attempts && attempt < retries.query_attempts && retries.retryable_exceptions.includes(name)) {
      return 1000 * 2 ** (attempt - 1)
    }
    // A statement on its own that met a concurrent change has done nothing: it can be run again without harm.
    const conflict = name === 'TransactionException' && /conflict/i.test(error.message)
    if (conflict && !this.#inTransaction && attempt < CONFLICT_ATTEMPTS && isSingleStatement(sql)) {
      return Math.random() * 5 * 2 ** attempt
    }
    return null
  }

  /** Users write `begin` and `commit` in hooks; we must know where that leaves the session. */
  #noteTransaction(sql: string): void {
    if (!/\b(?:begin|start\s+transaction|commit|rollback|abort|end)\b/i.test(sql)) return
    for (const [, word] of sql.matchAll(/(?:^|;)\s*(begin|start\s+transaction|commit|rollback|abort|end)\b[^;]*/gi)) {
      this.#inTransaction = /^(?:begin|start)/i.test(word!)
    }
  }
}

function isSingleStatement(sql: string): boolean {
  const semicolon = sql.indexOf(';')
  return semicolon === -1 || sql.slice(semicolon + 1).trim() === ''
}

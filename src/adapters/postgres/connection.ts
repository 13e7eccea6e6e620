import { setTimeout as sleep } from 'node:timers/promises'
import pg, { type Client } from 'pg'
import { fail, internalError, PlumbError } from '../../core/diagnostic.js'
import type { Connection, ExecuteOptions, QueryResult } from '../adapter.js'
import type { RelationName } from '../relation.js'
import type { RowStream, StreamOptions } from '../vectors.js'
import { CopyIn } from './copy-in.js'
import { quoteIdentifier, renderName } from './dialect.js'
import { databaseError } from './errors.js'
import { fillPlaceholders, parameterText } from './literals.js'
import { Portal } from './portal.js'
import { responseOf, Statement } from './statement.js'
import { typeRules } from './types.js'

/** Statements that leave something in the session which the next user of it must not find. */
const LEAVES_TRACES = /\b(?:set|reset|temp|temporary|prepare|listen|declare|discard|load|pg_advisory_\w+|set_config)\b/i

/** Milliseconds between two requests to cancel a statement. */
const CANCEL_PAUSE = 200

export interface SessionOptions {
  /** Statements commit by themselves: no BEGIN, no COMMIT. */
  readonly autocommit: boolean
  /** Aborted when the user stops the run: no statement begins after that. */
  readonly signal: AbortSignal
  /** Asks the server, on another connection, to stop what this process of it does. */
  readonly cancel: (processId: number) => Promise<void>
  /** Takes the client back; `usable` is false when it must be thrown away; `reset` says that it is as good as new. */
  readonly onRelease: (client: Client, usable: boolean, reset: boolean) => Promise<void>
}

/** One server session, lent by the pool. */
export class PostgresSession implements Connection {
  readonly name: string
  readonly #client: Client
  readonly #options: SessionOptions
  /** With autocommit: between begin and commit, as far as dbt's bookkeeping goes. */
  #pretended = false
  #running = 0
  #traces = false
  /** The server or the network ended the session. */
  #broken = false
  #released = false

  constructor(name: string, client: Client, options: SessionOptions) {
    this.name = name
    this.#client = client
    this.#options = options
  }

  get inTransaction(): boolean {
    if (this.#options.autocommit) return this.#pretended
    // The server says so itself after every statement.
    return this.#client.getTransactionStatus() === 'T' || this.#client.getTransactionStatus() === 'E'
  }

  /**
   * Runs one or more statements; the result is the last one's. An error rolls an open transaction back, as in dbt.
   * @throws PlumbError kind `database`.
   */
  async execute(sql: string, options: ExecuteOptions = {}): Promise<QueryResult> {
    if (this.#options.signal.aborted) fail('database', 'query-cancelled', 'canceling statement due to user request')
    if (options.autoBegin === true && !this.inTransaction) await this.begin()
    this.#traces ||= LEAVES_TRACES.test(sql)
    const { bindings } = options
    if (bindings !== undefined && /\$\d/.test(sql)) return this.#executeBound(sql, options)
    const text = bindings === undefined ? sql : fillPlaceholders(sql, bindings)
    return this.#attempt(text, () => this.#send(text, options.fetch === true, options.limit))
  }

  /** Rows come through a portal of the extended protocol, so many at a time. Parameters are `$1`, `$2`, ... */
  async stream(sql: string, { bindings, signal }: StreamOptions = {}): Promise<RowStream> {
    if (this.#options.signal.aborted || signal?.aborted === true)
      fail('database', 'query-cancelled', 'canceling statement due to user request')
    this.#traces ||= LEAVES_TRACES.test(sql)
    const portal = new Portal(sql, (bindings ?? []).map(parameterText))
    const cancel = (): void => void this.cancel().catch(() => {})
    let ended = false
    const end = (): void => {
      if (ended) return
      ended = true
      this.#running--
      signal?.removeEventListener('abort', cancel)
    }
    const failed = (error: unknown): PlumbError => {
      this.#broken ||= endsSession(error)
      end()
      return databaseError(error, sql)
    }
    this.#running++
    signal?.addEventListener('abort', cancel)
    try {
      this.#client.query(portal)
      return {
        columns: await portal.described,
        next: async () => {
          try {
            const batch = await portal.next()
            if (batch === null) end()
            return batch
          } catch (error) {
            throw failed(error)
          }
        },
        close: async () => {
          if (ended) return
          await portal.end()
          end()
        },
      }
    } catch (error) {
      throw failed(error)
    }
  }

  async begin(): Promise<void> {
    if (this.inTransaction) {
      throw internalError(`Tried to begin a new transaction on connection "${this.name}", but it already had one open!`)
    }
    this.#pretended = true
    if (!this.#options.autocommit) await this.#attempt('BEGIN', () => this.#send('BEGIN', false))
  }

  async commit(): Promise<void> {
    if (!this.inTransaction) {
      throw internalError(`Tried to commit transaction on connection "${this.name}", but it does not have one open!`)
    }
    this.#pretended = false
    if (!this.#options.autocommit) await this.#attempt('COMMIT', () => this.#send('COMMIT', false))
  }

  /** Ends the transaction without its changes; does nothing when there is none. */
  async rollback(): Promise<void> {
    const open = this.inTransaction && !this.#options.autocommit && !this.#broken
    this.#pretended = false
    if (!open) return
    try {
      await this.#send('ROLLBACK', false)
    } catch {
      // The connection is gone, and the transaction with it.
    }
  }

  async cancel(): Promise<void> {
    const { processID } = this.#client as { processID?: number | null }
    // The server forgets a request that comes before it has begun with the statement.
    for (; this.#running > 0 && typeof processID === 'number'; await sleep(CANCEL_PAUSE)) {
      await this.#options.cancel(processID)
    }
  }

  /** Loads rows with COPY, the server casting the text to the columns' types. */
  async loadRows(
    relation: RelationName,
    columns: readonly string[],
    rows: readonly (readonly (string | null)[])[],
  ): Promise<number> {
    const text = `copy ${renderName(relation)} (${columns.map(quoteIdentifier).join(', ')}) from stdin`
    await this.#attempt(text, async () => {
      const copy = new CopyIn(text, rows)
      this.#client.query(copy)
      await copy.done
    })
    return rows.length
  }

  /** Rolls back what is open and gives the session back, as clean as it was. */
  async release(): Promise<void> {
    if (this.#released) return
    this.#released = true
    let usable = this.#running === 0 && !this.#broken
    try {
      await this.rollback()
      if (usable && this.#traces) await this.#send('DISCARD ALL', false)
    } catch {
      usable = false
    }
    await this.#options.onRelease(this.#client, usable, this.#traces)
  }

  #send(text: string, fetch: boolean, limit?: number): Promise<QueryResult> {
    const statement = new Statement(text, { fetch, limit })
    this.#client.query(statement)
    return statement.done
  }

  /** One statement with numbered parameters. */
  #executeBound(sql: string, options: ExecuteOptions): Promise<QueryResult> {
    return this.#attempt(sql, async () => {
      const result = await this.#client.query({
        text: sql,
        values: (options.bindings ?? []).map(parameterText),
        rowMode: 'array',
        types: { getTypeParser: () => (text: string) => text },
      })
      const types = result.fields.map((field) => typeRules(field.dataTypeID))
      const rows = (options.fetch === true ? result.rows : []).slice(0, options.limit) as (string | null)[][]
      return {
        response: responseOf(`${result.command} ${result.rowCount ?? ''}`.trim()),
        columns:
          options.fetch === true
            ? types.map(({ name, family }, at) => ({ name: result.fields[at]!.name, type: name, family }))
            : [],
        data:
          options.fetch === true
            ? types.map(({ read }, at) => rows.map((row) => (row[at] == null ? null : read(row[at]))))
            : [],
        rowCount: rows.length,
      }
    })
  }

  async #attempt<T>(sql: string, work: () => Promise<T>): Promise<T> {
    this.#running++
    let error: unknown
    try {
      return await work()
    } catch (thrown) {
      error = thrown
    } finally {
      this.#running--
    }
    this.#broken ||= endsSession(error)
    await this.rollback()
    throw databaseError(error, sql)
  }
}

/** Errors after which nothing more can be asked: of the connection, or the server shutting the session down. */
function endsSession(error: unknown): boolean {
  if (error instanceof PlumbError) return false
  return !(error instanceof pg.DatabaseError) || /^(?:08|57P0)/.test(error.code ?? '')
}

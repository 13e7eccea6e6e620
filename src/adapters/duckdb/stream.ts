import { setTimeout as sleep } from 'node:timers/promises'
import type { DuckDBConnection as DriverConnection, DuckDBDataChunk, DuckDBResult, DuckDBValue } from '@duckdb/node-api'
import { fail } from '../../core/diagnostic.js'
import type { ResultColumn } from '../adapter.js'
import type { RowStream, VectorBatch } from '../vectors.js'
import { databaseError, exceptionName, interrupted } from './errors.js'
import { familyOf } from './types.js'
import { readChunk, type VectorReader, vectorReaderOf } from './vectors.js'

/** Milliseconds between two attempts to interrupt what is fetched for nobody. */
const INTERRUPT_PAUSE = 25

/** What a stream stands on. */
interface Source {
  readonly driver: DriverConnection
  readonly sql: string
  readonly bindings: DuckDBValue[] | undefined
  readonly signal: AbortSignal | undefined
  /** The transaction is the stream's own: it ends with it. */
  readonly begins: boolean
  readonly onEnd: (completely: boolean) => void
}

/**
 * Chunks have up to 2,048 rows; small ones (a filter's leavings) are not put together. While one is used the next is
 * fetched, which is when DuckDB works on it.
 */
export class ChunkStream implements RowStream {
  readonly columns: readonly ResultColumn[]
  readonly #result: DuckDBResult
  readonly #readers: readonly VectorReader[]
  readonly #source: Source
  #ahead: Promise<DuckDBDataChunk | null> | null = null
  /** Somebody closes it: what is under way is waited for, and nothing more is fetched. */
  #closing = false
  #ended = false

  constructor(result: DuckDBResult, source: Source) {
    const types = result.columnTypes()
    const names = result.columnNames()
    this.columns = types.map((type, at) => ({ name: names[at]!, type: type.toString(), family: familyOf(type) }))
    this.#readers = types.map(vectorReaderOf)
    this.#result = result
    this.#source = source
  }

  async next(): Promise<VectorBatch | null> {
    if (this.#ended || this.#closing) return null
    const { signal, sql } = this.#source
    try {
      this.#ahead ??= this.#result.fetchChunk()
      const chunk = await this.#ahead
      this.#ahead = null
      if (this.#ended || this.#closing) return null
      // What was interrupted looks like what has come to its end.
      if (signal?.aborted === true) throw interrupted()
      const rowCount = chunk?.rowCount ?? 0
      if (chunk === null || rowCount === 0) {
        await refuseWhenFailed(this.#source)
        this.#end(true)
        return null
      }
      this.#ahead = this.#result.fetchChunk()
      // Whether it failed is seen by who asks for it.
      this.#ahead.catch(() => {})
      return { rowCount, columns: readChunk(chunk, rowCount, this.#readers) }
    } catch (error) {
      this.#ahead = null
      this.#end(false)
      throw databaseError(error, sql)
    }
  }

  /** The connection is given back when nothing is fetched on it any more. */
  async close(): Promise<void> {
    const { driver, begins } = this.#source
    this.#closing = true
    let waiting = this.#ahead !== null
    const settled = this.#ahead?.catch(() => {}).then(() => (waiting = false))
    while (waiting && !this.#ended) {
      await Promise.race([settled, sleep(INTERRUPT_PAUSE)])
      if (waiting) driver.interrupt()
    }
    if (!this.#ended && begins) await driver.run('rollback').catch(() => {})
    this.#end(false)
  }

  #end(completely: boolean): void {
    if (this.#ended) return
    this.#ended = true
    this.#source.onEnd(completely)
  }
}

/**
 * A statement that fails after its first rows just ends, as far as the driver tells: its rows would pass for all of
 * them. But its transaction is aborted then, and refuses the next statement.
 * @throws what DuckDB says against the statement
 */
async function refuseWhenFailed({ driver, sql, bindings, begins, signal }: Source): Promise<void> {
  try {
    await driver.run(begins ? 'select 1; commit' : 'select 1')
    return
  } catch {
    if (begins) await driver.run('rollback').catch(() => {})
  }
  if (signal?.aborted === true) throw interrupted()
  if (begins) await askWhy(driver, sql, bindings)
  fail('database', 'stream-failed', 'The statement failed after its first rows, and DuckDB does not say why', {
    hint: 'make a table of it to see the reason: create temp table reason as <the statement>',
  })
}

/**
 * Runs a statement that failed once more, without keeping its rows: what it fails of is thrown.
 * @throws the reason, unless the statement cannot stand in another
 */
async function askWhy(driver: DriverConnection, sql: string, bindings: DuckDBValue[] | undefined): Promise<void> {
  try {
    await driver.run(`select max(hash(every_row)) from (${sql}\n) every_row`, bindings)
  } catch (error) {
    if (!/^(?:Binder|Parser|Catalog)/.test(exceptionName(databaseError(error, sql)))) throw error
  }
}

/**
 * Starts a query whose rows are fetched chunk by chunk; aborting the signal interrupts it.
 * @param options.inTransaction a transaction is open: the stream becomes a part of it, and has one of its own otherwise.
 * @throws PlumbError kind `database`
 */
export async function startStream(
  driver: DriverConnection,
  sql: string,
  bindings: DuckDBValue[] | undefined,
  options: {
    readonly signal?: AbortSignal | undefined
    readonly inTransaction?: boolean
    readonly onEnd: (completely: boolean) => void
  },
): Promise<ChunkStream> {
  const { signal, onEnd } = options
  const begins = options.inTransaction !== true
  const interrupt = (): void => driver.interrupt()
  signal?.addEventListener('abort', interrupt)
  const end = (completely: boolean): void => {
    signal?.removeEventListener('abort', interrupt)
    onEnd(completely)
  }
  try {
    const result = await driver.stream(begins ? `${BEGIN}${sql}` : sql, bindings)
    return new ChunkStream(result, { driver, sql, bindings, signal, begins, onEnd: end })
  } catch (error) {
    if (begins) await driver.run('rollback').catch(() => {})
    end(false)
    throw databaseError(error, sql, begins ? BEGIN.length : 0)
  }
}

const BEGIN = 'begin; '

import { setTimeout as sleep } from 'node:timers/promises'
import type { DuckDBConnection as DriverConnection, DuckDBDataChunk, DuckDBResult, DuckDBValue } from '@duckdb/node-api'
import type { ResultColumn } from '../adapter.js'
import type { RowStream, VectorBatch } from '../vectors.js'
import { databaseError } from './errors.js'
import { familyOf } from './types.js'
import { readChunk, type VectorReader, vectorReaderOf } from './vectors.js'

/** Milliseconds between two attempts to interrupt what is fetched for nobody. */
const INTERRUPT_PAUSE = 25

/**
 * Chunks have up to 2,048 rows; small ones (a filter's leavings) are not put together. While one is used the next is
 * fetched, which is when DuckDB works on it.
 */
export class ChunkStream implements RowStream {
  readonly columns: readonly ResultColumn[]
  readonly #result: DuckDBResult
  readonly #readers: readonly VectorReader[]
  readonly #sql: string
  readonly #interrupt: () => void
  readonly #onEnd: (completely: boolean) => void
  #ahead: Promise<DuckDBDataChunk | null> | null = null
  #ended = false

  constructor(result: DuckDBResult, sql: string, interrupt: () => void, onEnd: (completely: boolean) => void) {
    const types = result.columnTypes()
    const names = result.columnNames()
    this.columns = types.map((type, at) => ({ name: names[at]!, type: type.toString(), family: familyOf(type) }))
    this.#readers = types.map(vectorReaderOf)
    this.#result = result
    this.#sql = sql
    this.#interrupt = interrupt
    this.#onEnd = onEnd
  }

  async next(): Promise<VectorBatch | null> {
    if (this.#ended) return null
    try {
      this.#ahead ??= this.#result.fetchChunk()
      const chunk = await this.#ahead
      this.#ahead = null
      if (this.#ended) return null
      const rowCount = chunk?.rowCount ?? 0
      if (chunk === null || rowCount === 0) {
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
      throw databaseError(error, this.#sql)
    }
  }

  /** The connection is given back when nothing is fetched on it any more. */
  async close(): Promise<void> {
    let waiting = this.#ahead !== null
    const settled = this.#ahead?.catch(() => {}).then(() => (waiting = false))
    while (waiting && !this.#ended) {
      await Promise.race([settled, sleep(INTERRUPT_PAUSE)])
      if (waiting) this.#interrupt()
    }
    this.#end(false)
  }

  #end(completely: boolean): void {
    if (this.#ended) return
    this.#ended = true
    this.#onEnd(completely)
  }
}

/**
 * Starts a query whose rows are fetched chunk by chunk; aborting the signal interrupts it.
 * @throws PlumbError kind `database`
 */
export async function startStream(
  driver: DriverConnection,
  sql: string,
  bindings: DuckDBValue[] | undefined,
  options: { readonly signal?: AbortSignal | undefined; readonly onEnd: (completely: boolean) => void },
): Promise<ChunkStream> {
  const { signal, onEnd } = options
  const interrupt = (): void => driver.interrupt()
  signal?.addEventListener('abort', interrupt)
  const end = (completely: boolean): void => {
    signal?.removeEventListener('abort', interrupt)
    onEnd(completely)
  }
  try {
    return new ChunkStream(await driver.stream(sql, bindings), sql, interrupt, end)
  } catch (error) {
    end(false)
    throw databaseError(error, sql)
  }
}

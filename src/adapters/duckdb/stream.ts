import type { DuckDBConnection as DriverConnection, DuckDBResult, DuckDBValue } from '@duckdb/node-api'
import type { ResultColumn } from '../adapter.js'
import type { RowStream, VectorBatch } from '../vectors.js'
import { databaseError } from './errors.js'
import { familyOf } from './types.js'
import { readChunk, type VectorReader, vectorReaderOf } from './vectors.js'

/** Chunks have up to 2,048 rows; small ones (a filter's leavings) are not put together. */
export class ChunkStream implements RowStream {
  readonly columns: readonly ResultColumn[]
  readonly #result: DuckDBResult
  readonly #readers: readonly VectorReader[]
  readonly #sql: string
  readonly #onEnd: (completely: boolean) => void
  #ended = false

  constructor(result: DuckDBResult, sql: string, onEnd: (completely: boolean) => void) {
    const types = result.columnTypes()
    const names = result.columnNames()
    this.columns = types.map((type, at) => ({ name: names[at]!, type: type.toString(), family: familyOf(type) }))
    this.#readers = types.map(vectorReaderOf)
    this.#result = result
    this.#sql = sql
    this.#onEnd = onEnd
  }

  async next(): Promise<VectorBatch | null> {
    if (this.#ended) return null
    try {
      const chunk = await this.#result.fetchChunk()
      if (this.#ended) return null
      const rowCount = chunk?.rowCount ?? 0
      if (chunk === null || rowCount === 0) {
        this.#end(true)
        return null
      }
      return { rowCount, columns: readChunk(chunk, rowCount, this.#readers) }
    } catch (error) {
      this.#end(false)
      throw databaseError(error, this.#sql)
    }
  }

  async close(): Promise<void> {
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
    return new ChunkStream(await driver.stream(sql, bindings), sql, end)
  } catch (error) {
    end(false)
    throw databaseError(error, sql)
  }
}

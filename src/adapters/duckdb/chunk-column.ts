import type { DuckDBDataChunk, DuckDBVector } from '@duckdb/node-api'
import duckdb from '@duckdb/node-bindings'

/**
 * One column of a chunk, straight from the database's memory. The driver asks for types and makes objects around each
 * vector, which costs more than to copy it.
 */
export class ChunkColumn {
  readonly #chunk: DuckDBDataChunk
  readonly #column: number
  readonly #raw: ReturnType<typeof duckdb.data_chunk_get_vector>
  readonly count: number

  constructor(chunk: DuckDBDataChunk, column: number, count: number) {
    this.#chunk = chunk
    this.#column = column
    this.#raw = duckdb.data_chunk_get_vector(chunk.chunk, column)
    this.count = count
  }

  /** The memory of the values, of so many bytes each. It goes with the chunk. */
  memory(width: number): Uint8Array {
    return duckdb.vector_get_data(this.#raw, this.count * width)
  }

  /** 1 for rows without a value; null when every row has one. DuckDB's bits say what is there. */
  nulls(): Uint8Array | null {
    const { count } = this
    const bits = duckdb.vector_get_validity(this.#raw, Math.ceil(count / 64) * 8) as Uint8Array | null
    if (!bits) return null
    const nulls = new Uint8Array(count)
    let any = 0
    for (let row = 0; row < count; row++) {
      const missing = ((bits[row >> 3]! >> (row & 7)) & 1) ^ 1
      nulls[row] = missing
      any |= missing
    }
    return any === 0 ? null : nulls
  }

  /** As the driver gives it, for values that are read one by one. */
  get vector(): DuckDBVector {
    return this.#chunk.getColumnVector(this.#column)
  }
}

/** The bytes at an address, which must be the database's own, and stay there. */
export function bytesAt(address: number, length: number): Uint8Array {
  const pointer = new DataView(new ArrayBuffer(8))
  pointer.setUint32(0, address % UPPER, true)
  pointer.setUint32(4, Math.floor(address / UPPER), true)
  return duckdb.get_data_from_pointer(pointer.buffer as ArrayBuffer, 0, length)
}

const UPPER = 4_294_967_296

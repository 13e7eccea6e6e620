import { type DuckDBDataChunk, type DuckDBType, DuckDBTypeId, type DuckDBVector } from '@duckdb/node-api'
import type { Cell } from '../adapter.js'
import type { ColumnVector } from '../vectors.js'
import { readTexts } from './text-vector.js'
import { readerOf } from './types.js'

/** Makes a typed vector of the first `count` values of the driver's. */
export type VectorReader = (vector: DuckDBVector, count: number) => ColumnVector

/** What the driver's vectors of fixed-width types hold; its types call it private, and have no other way to it. */
interface RawVector<T> {
  readonly items: T
  readonly validity: { readonly data: BigUint64Array | null; readonly offset: number }
}

type SmallInts = Int8Array | Int16Array | Int32Array | Uint8Array | Uint16Array

/** How the vectors of a type are read; chosen once a column. */
export function vectorReaderOf(type: DuckDBType): VectorReader {
  switch (type.typeId) {
    case DuckDBTypeId.BOOLEAN:
      return readBooleans
    case DuckDBTypeId.INTEGER:
      return (vector, count) => ({ kind: 'int32', ...raw<Int32Array>(vector, count) })
    case DuckDBTypeId.TINYINT:
    case DuckDBTypeId.SMALLINT:
    case DuckDBTypeId.UTINYINT:
    case DuckDBTypeId.USMALLINT:
      return (vector, count) => {
        const { values, nulls } = raw<SmallInts>(vector, count)
        return { kind: 'int32', values: Int32Array.from(values), nulls }
      }
    case DuckDBTypeId.BIGINT:
      return (vector, count) => ({ kind: 'int64', ...raw<BigInt64Array>(vector, count) })
    case DuckDBTypeId.UINTEGER:
      return (vector, count) => {
        const { values, nulls } = raw<Uint32Array>(vector, count)
        return { kind: 'int64', values: BigInt64Array.from(values as unknown as number[], BigInt), nulls }
      }
    case DuckDBTypeId.DOUBLE:
      return (vector, count) => ({ kind: 'float64', ...raw<Float64Array>(vector, count) })
    case DuckDBTypeId.FLOAT:
      return (vector, count) => {
        const { values, nulls } = raw<Float32Array>(vector, count)
        return { kind: 'float64', values: Float64Array.from(values), nulls }
      }
    case DuckDBTypeId.DATE:
      return (vector, count) => ({ kind: 'date', ...raw<Int32Array>(vector, count) })
    case DuckDBTypeId.TIMESTAMP:
      return (vector, count) => ({ kind: 'timestamp', zone: false, ...raw<BigInt64Array>(vector, count) })
    case DuckDBTypeId.TIMESTAMP_TZ:
      return (vector, count) => ({ kind: 'timestamp', zone: true, ...raw<BigInt64Array>(vector, count) })
    case DuckDBTypeId.VARCHAR:
      return (vector, count) => {
        const values: Cell[] = []
        readTexts(vector, count, values)
        return { kind: 'cells', values }
      }
    default: {
      const read = readerOf(type)
      return (vector, count) => {
        const values: Cell[] = []
        read(vector, count, values)
        return { kind: 'cells', values }
      }
    }
  }
}

/** Every column of a chunk as a typed vector. */
export function readChunk(chunk: DuckDBDataChunk, readers: readonly VectorReader[]): ColumnVector[] {
  const count = chunk.rowCount
  return readers.map((read, column) => read(chunk.getColumnVector(column), count))
}

/** A copy: the driver's memory goes with its chunk. */
function raw<T extends { slice(from: number, to: number): T }>(
  vector: DuckDBVector,
  count: number,
): { values: T; nulls: Uint8Array | null } {
  const { items } = vector as unknown as RawVector<T>
  return { values: items.slice(0, count), nulls: nullsOf(vector, count) }
}

const readBooleans: VectorReader = (vector, count) => {
  const values = new Uint8Array(count)
  const nulls = nullsOf(vector, count)
  for (let row = 0; row < count; row++) if (vector.getItem(row) === true) values[row] = 1
  return { kind: 'boolean', values, nulls }
}

/** DuckDB's bits say what is there; here a byte says what is not. */
function nullsOf(vector: DuckDBVector, count: number): Uint8Array | null {
  const { data, offset } = (vector as unknown as RawVector<unknown>).validity
  if (data === null) return null
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
  const nulls = new Uint8Array(count)
  let any = 0
  for (let row = 0; row < count; row++) {
    const bit = offset + row
    const missing = ((bytes[bit >> 3]! >> (bit & 7)) & 1) ^ 1
    nulls[row] = missing
    any |= missing
  }
  return any === 0 ? null : nulls
}

import {
  type DuckDBDataChunk,
  DuckDBDecimalType,
  type DuckDBType,
  DuckDBTypeId,
  type DuckDBVector,
} from '@duckdb/node-api'
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
      return (vector, count) => {
        const days = raw<Int32Array>(vector, count)
        const endless = days.values.some((value, row) => isEndless(value) && days.nulls?.[row] !== 1)
        return endless ? readCells(type)(vector, count) : { kind: 'date', ...days }
      }
    case DuckDBTypeId.TIMESTAMP:
    case DuckDBTypeId.TIMESTAMP_TZ: {
      const zone = type.typeId === DuckDBTypeId.TIMESTAMP_TZ
      return (vector, count) => {
        const micros = raw<BigInt64Array>(vector, count)
        const { buffer, byteOffset } = micros.values
        const halves = new Int32Array(buffer, byteOffset, count * 2)
        // Only endless times have an upper half like this.
        for (let row = 0; row < count; row++) {
          // What stands where no value is may be anything.
          if (isEndless(halves[row * 2 + 1]!) && micros.nulls?.[row] !== 1) return readCells(type)(vector, count)
        }
        return { kind: 'timestamp', zone, ...micros }
      }
    }
    case DuckDBTypeId.VARCHAR:
      return (vector, count) => {
        const nulls = nullsOf(vector, count)
        const texts = readTexts(vector, count, nulls)
        return texts === undefined ? readCells(type)(vector, count) : { kind: 'text', ...texts, nulls }
      }
    case DuckDBTypeId.DECIMAL:
      return type instanceof DuckDBDecimalType ? decimalReader(type) : readCells(type)
    default:
      return readCells(type)
  }
}

/** `infinity` and `-infinity`, which no number of days stands for. */
function isEndless(value: number): boolean {
  return value === 0x7fffffff || value <= -0x7fffffff
}

function readCells(type: DuckDBType): VectorReader {
  const read = readerOf(type)
  return (vector, count) => {
    const values: Cell[] = []
    read(vector, count, values)
    return { kind: 'cells', values }
  }
}

/** Decimals of as many bytes as their width needs; those of sixteen are cells where one does not fit into eight. */
function decimalReader(type: DuckDBDecimalType): VectorReader {
  const { width, scale } = type
  const cells = readCells(type)
  return (vector, count) => {
    const { dataView } = vector as unknown as { readonly dataView: DataView }
    const nulls = nullsOf(vector, count)
    const values = new BigInt64Array(count)
    for (let row = 0; row < count; row++) {
      if (nulls !== null && nulls[row] === 1) continue
      if (width <= 4) values[row] = BigInt(dataView.getInt16(row * 2, true))
      else if (width <= 9) values[row] = BigInt(dataView.getInt32(row * 4, true))
      else if (width <= 18) values[row] = dataView.getBigInt64(row * 8, true)
      else {
        const low = dataView.getBigInt64(row * 16, true)
        if (dataView.getBigInt64(row * 16 + 8, true) !== (low < 0n ? -1n : 0n)) return cells(vector, count)
        values[row] = low
      }
    }
    return { kind: 'decimal', scale, values, nulls }
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

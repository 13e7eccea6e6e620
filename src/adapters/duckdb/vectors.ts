import { type DuckDBDataChunk, DuckDBDecimalType, type DuckDBType, DuckDBTypeId } from '@duckdb/node-api'
import type { Cell } from '../adapter.js'
import type { ColumnVector } from '../vectors.js'
import { ChunkColumn } from './chunk-column.js'
import { readTexts } from './text-vector.js'
import { readerOf } from './types.js'

/** Makes a typed vector of a column's values. */
export type VectorReader = (column: ChunkColumn) => ColumnVector

/** How the vectors of a type are read; chosen once a column. */
export function vectorReaderOf(type: DuckDBType): VectorReader {
  switch (type.typeId) {
    case DuckDBTypeId.BOOLEAN:
      return (column) => ({ kind: 'boolean', values: copyOf(column, 1, Uint8Array), nulls: column.nulls() })
    case DuckDBTypeId.INTEGER:
      return (column) => ({ kind: 'int32', values: copyOf(column, 4, Int32Array), nulls: column.nulls() })
    case DuckDBTypeId.TINYINT:
      return smallReader(1, Int8Array)
    case DuckDBTypeId.SMALLINT:
      return smallReader(2, Int16Array)
    case DuckDBTypeId.UTINYINT:
      return smallReader(1, Uint8Array)
    case DuckDBTypeId.USMALLINT:
      return smallReader(2, Uint16Array)
    case DuckDBTypeId.BIGINT:
      return (column) => ({ kind: 'int64', values: copyOf(column, 8, BigInt64Array), nulls: column.nulls() })
    case DuckDBTypeId.UINTEGER:
      return (column) => {
        const values = BigInt64Array.from(copyOf(column, 4, Uint32Array) as unknown as number[], BigInt)
        return { kind: 'int64', values, nulls: column.nulls() }
      }
    case DuckDBTypeId.DOUBLE:
      return (column) => ({ kind: 'float64', values: copyOf(column, 8, Float64Array), nulls: column.nulls() })
    case DuckDBTypeId.FLOAT:
      return (column) => {
        const values = Float64Array.from(copyOf(column, 4, Float32Array))
        return { kind: 'float64', values, nulls: column.nulls() }
      }
    case DuckDBTypeId.DATE:
      return (column) => {
        const values = copyOf(column, 4, Int32Array)
        const nulls = column.nulls()
        for (let row = 0; row < values.length; row++)
          if (isEndless(values[row]!) && nulls?.[row] !== 1) return readCells(type)(column)
        return { kind: 'date', values, nulls }
      }
    case DuckDBTypeId.TIMESTAMP:
    case DuckDBTypeId.TIMESTAMP_TZ: {
      const zone = type.typeId === DuckDBTypeId.TIMESTAMP_TZ
      return (column) => {
        const values = copyOf(column, 8, BigInt64Array)
        const nulls = column.nulls()
        const halves = new Int32Array(values.buffer)
        // Only endless times have an upper half like this.
        for (let at = 1; at < halves.length; at += 2) {
          // What stands where no value is may be anything.
          if (isEndless(halves[at]!) && nulls?.[at >> 1] !== 1) return readCells(type)(column)
        }
        return { kind: 'timestamp', zone, values, nulls }
      }
    }
    case DuckDBTypeId.VARCHAR:
      return (column) => {
        const nulls = column.nulls()
        const texts = readTexts(column.memory(16), column.count, nulls)
        return texts === undefined ? readCells(type)(column) : { kind: 'text', ...texts, nulls }
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
  return ({ vector, count }) => {
    const values: Cell[] = []
    read(vector, count, values)
    return { kind: 'cells', values }
  }
}

function smallReader(width: number, Values: ArrayOf<Int8Array | Int16Array | Uint8Array | Uint16Array>): VectorReader {
  return (column) => ({
    kind: 'int32',
    values: Int32Array.from(copyOf(column, width, Values)),
    nulls: column.nulls(),
  })
}

/** Decimals of as many bytes as their width needs; those of sixteen are cells where one does not fit into eight. */
function decimalReader(type: DuckDBDecimalType): VectorReader {
  const { width, scale } = type
  const cells = readCells(type)
  const bytes = width <= 4 ? 2 : width <= 9 ? 4 : width <= 18 ? 8 : 16
  return (column) => {
    const { count } = column
    const nulls = column.nulls()
    if (bytes === 8) return { kind: 'decimal', scale, values: copyOf(column, 8, BigInt64Array), nulls }
    const memory = column.memory(bytes)
    const view = new DataView(memory.buffer, memory.byteOffset, memory.byteLength)
    const values = new BigInt64Array(count)
    for (let row = 0; row < count; row++) {
      if (nulls !== null && nulls[row] === 1) continue
      if (bytes === 2) values[row] = BigInt(view.getInt16(row * 2, true))
      else if (bytes === 4) values[row] = BigInt(view.getInt32(row * 4, true))
      else {
        const low = view.getBigInt64(row * 16, true)
        if (view.getBigInt64(row * 16 + 8, true) !== (low < 0n ? -1n : 0n)) return cells(column)
        values[row] = low
      }
    }
    return { kind: 'decimal', scale, values, nulls }
  }
}

/** Every column of a chunk as a typed vector. */
export function readChunk(chunk: DuckDBDataChunk, count: number, readers: readonly VectorReader[]): ColumnVector[] {
  return readers.map((read, column) => read(new ChunkColumn(chunk, column, count)))
}

type ArrayOf<T> = new (buffer: ArrayBuffer) => T

/** A copy: the database's memory goes with its chunk. */
function copyOf<T>(column: ChunkColumn, width: number, Values: ArrayOf<T>): T {
  const memory = column.memory(width)
  const bytes = new Uint8Array(memory.length)
  bytes.set(memory)
  return new Values(bytes.buffer)
}

import type * as Arrow from 'apache-arrow'
import type { AnswerColumn, AnswerVector, Cell } from '../../../query/index.js'
import { plainText } from './cell-text.js'
import type { AnswerFormat } from './format.js'

type Library = typeof Arrow

/** The end of a stream: a message of no length. */
const END = Uint8Array.of(0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0)

/**
 * An Arrow IPC stream, one record batch for a batch of rows; typed vectors are written as they are. Decimals are 128
 * bits wide where the warehouse says their scale (PostgreSQL's `numeric` without one comes as text, as its own Arrow
 * driver gives it).
 */
export const arrow: AnswerFormat = {
  name: 'arrow',
  mediaType: 'application/vnd.apache.arrow.stream',
  extension: 'arrows',
  async *encode({ columns, batches }) {
    const lib = await import('apache-arrow')
    let writer: BatchWriter | undefined
    for await (const batch of batches) {
      if (writer === undefined) {
        writer = batchWriter(lib, columns, batch.columns)
        yield writer.schema
      }
      yield writer.encode(batch.columns, batch.rowCount)
    }
    if (writer === undefined) yield batchWriter(lib, columns, columns.map(emptyVector)).schema
    yield END
  },
}

interface BatchWriter {
  /** The bytes that begin the stream. */
  readonly schema: Uint8Array
  encode(vectors: readonly AnswerVector[], rows: number): Uint8Array
}

function batchWriter(lib: Library, columns: readonly AnswerColumn[], first: readonly AnswerVector[]): BatchWriter {
  const types = columns.map(({ type }, at) => arrowType(lib, type, first[at]!))
  const schema = new lib.Schema(columns.map(({ name }, at) => new lib.Field(name, types[at]!, true)))
  const bytesOf = (batches: Arrow.RecordBatch[]): Uint8Array =>
    lib.tableToIPC(new lib.Table(schema, batches), 'stream').slice()
  const empty = bytesOf([])
  const head = empty.subarray(0, empty.length - END.length)
  return {
    schema: head,
    encode(vectors, rows) {
      const children = vectors.map((vector, at) => dataOf(lib, types[at]!, vector, rows))
      const struct = lib.makeData({ type: new lib.Struct(schema.fields), length: rows, nullCount: 0, children })
      const bytes = bytesOf([new lib.RecordBatch(schema, struct)])
      // Each batch is written as a stream of its own: its schema and its end are left away.
      return bytes.subarray(head.length, bytes.length - END.length)
    },
  }
}

function arrowType(lib: Library, type: string, vector: AnswerVector): Arrow.DataType {
  switch (vector.kind) {
    case 'boolean':
      return new lib.Bool()
    case 'int32':
      return new lib.Int32()
    case 'int64':
      return new lib.Int64()
    case 'float64':
      return new lib.Float64()
    case 'date':
      return new lib.DateDay()
    case 'timestamp':
      return new lib.TimestampMicrosecond(vector.zone ? 'UTC' : null)
    case 'text':
      return new lib.Utf8()
    case 'decimal':
    case 'cells': {
      const decimal = /^DECIMAL\((\d+),\s*(\d+)\)$/i.exec(type)
      if (decimal !== null) return new lib.Decimal(Number(decimal[2]), Number(decimal[1]), 128)
      return /^(?:bytea|blob)$/i.test(type) ? new lib.Binary() : new lib.Utf8()
    }
  }
}

function dataOf(lib: Library, type: Arrow.DataType, vector: AnswerVector, rows: number): Arrow.Data {
  if (vector.kind === 'cells' || !fits(lib, type, vector)) return builtData(lib, type, vector, rows)
  const { nullCount, nullBitmap } = bitmapOf(vector.nulls, rows)
  if (vector.kind === 'text') {
    const { values: data, offsets: valueOffsets } = vector
    return lib.makeData({ type: type as Arrow.Utf8, length: rows, nullCount, nullBitmap, valueOffsets, data })
  }
  const data =
    vector.kind === 'boolean'
      ? bits(rows, (row) => vector.values[row] === 1)
      : vector.kind === 'decimal'
        ? wideDecimals(vector.values)
        : vector.values
  return lib.makeData({ type, length: rows, nullCount, nullBitmap, data } as Parameters<Library['makeData']>[0])
}

/** A column keeps the type of its first batch; one whose later batches differ (infinite dates) is read value by value. */
function fits(lib: Library, type: Arrow.DataType, vector: AnswerVector): boolean {
  if (vector.kind === 'decimal') return lib.DataType.isDecimal(type) && type.scale === vector.scale
  return arrowType(lib, '', vector).toString() === type.toString()
}

function builtData(lib: Library, type: Arrow.DataType, vector: AnswerVector, rows: number): Arrow.Data {
  const builder = lib.makeBuilder({ type, nullValues: [null] })
  for (let row = 0; row < rows; row++) builder.append(arrowValue(lib, type, vector, row))
  return builder.finish().flush()
}

function arrowValue(lib: Library, type: Arrow.DataType, vector: AnswerVector, row: number): unknown {
  const cell: Cell = vector.kind === 'cells' ? (vector.values[row] ?? null) : null
  if (cell instanceof Uint8Array) return cell
  const text = plainText(vector, row)
  if (text === null) return null
  if (lib.DataType.isDecimal(type)) return decimalWords(text, type.scale)
  return lib.DataType.isUtf8(type) ? text : null
}

/** Decimals of 128 bits: the upper half repeats the sign. */
function wideDecimals(values: BigInt64Array): Uint32Array {
  const words = new BigInt64Array(values.length * 2)
  for (let row = 0; row < values.length; row++) {
    words[row * 2] = values[row]!
    if (values[row]! < 0n) words[row * 2 + 1] = -1n
  }
  return new Uint32Array(words.buffer)
}

/** A decimal as four words of its unscaled value, the lowest first; negative ones as two's complement. */
function decimalWords(text: string, scale: number): Uint32Array {
  const [whole = '0', fraction = ''] = text.split('.')
  const unscaled = BigInt.asUintN(128, BigInt(`${whole}${fraction.padEnd(scale, '0').slice(0, scale)}`))
  return Uint32Array.from([0n, 32n, 64n, 96n], (shift) => Number((unscaled >> shift) & 0xffffffffn))
}

function bitmapOf(nulls: Uint8Array | null, rows: number): { nullCount: number; nullBitmap: Uint8Array | undefined } {
  if (nulls === null) return { nullCount: 0, nullBitmap: undefined }
  let nullCount = 0
  for (let row = 0; row < rows; row++) nullCount += nulls[row]!
  return { nullCount, nullBitmap: bits(rows, (row) => nulls[row] === 0) }
}

function bits(rows: number, isSet: (row: number) => boolean): Uint8Array {
  const bytes = new Uint8Array(((rows + 63) >> 6) << 3)
  for (let row = 0; row < rows; row++) if (isSet(row)) bytes[row >> 3]! |= 1 << (row & 7)
  return bytes
}

/** For an answer without rows: types as far as their names tell. */
function emptyVector({ type }: AnswerColumn): AnswerVector {
  const name = type.toLowerCase()
  if (/^bool/.test(name)) return { kind: 'boolean', values: new Uint8Array(), nulls: null }
  if (/^(?:tinyint|smallint|integer|utinyint|usmallint)$/.test(name))
    return { kind: 'int32', values: new Int32Array(), nulls: null }
  if (/^(?:bigint|uinteger)$/.test(name)) return { kind: 'int64', values: new BigInt64Array(), nulls: null }
  if (/^(?:double|float|real)/.test(name)) return { kind: 'float64', values: new Float64Array(), nulls: null }
  if (name === 'date') return { kind: 'date', values: new Int32Array(), nulls: null }
  if (/^timestamp/.test(name)) {
    return { kind: 'timestamp', zone: /with time zone|tz/.test(name), values: new BigInt64Array(), nulls: null }
  }
  return { kind: 'cells', values: [] }
}

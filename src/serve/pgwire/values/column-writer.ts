import type { AnswerVector } from '../../../query/index.js'
import type { Format } from '../protocol/backend.js'
import type { ByteWriter } from '../protocol/byte-writer.js'
import { floatText } from './numbers.js'
import { OID, type PgType } from './pg-types.js'
import { dateText, EPOCH_DAYS, timestampText } from './times.js'
import { cellText, writeBinaryCell } from './write-cell.js'

/** Writes the value of one row with its length in front. */
export type ColumnWriter = (out: ByteWriter, row: number) => void

/** The way to write a column of a batch: chosen once per column, so that nothing is decided per cell. */
export function columnWriter(vector: AnswerVector, type: PgType, format: Format): ColumnWriter {
  if (vector.kind === 'cells') return cellsWriter(vector.values, type, format)
  const write = format === 1 ? binaryWriter(vector, type) : textWriter(vector, type)
  const { nulls } = vector
  if (nulls === null) return write
  return (out, row) => {
    if (nulls[row] === 1) out.int32(-1)
    else write(out, row)
  }
}

function cellsWriter(
  values: Extract<AnswerVector, { kind: 'cells' }>['values'],
  type: PgType,
  format: Format,
): ColumnWriter {
  const asIs = type.oid === OID.text || type.oid === OID.varchar || type.oid === OID.bpchar || type.oid === OID.json
  return (out, row) => {
    const cell = values[row] ?? null
    if (cell === null) out.int32(-1)
    else if (asIs && typeof cell === 'string') writeText(out, cell)
    else if (format === 1) writeBinaryCell(out, cell, type)
    else writeText(out, cellText(cell, type) ?? '')
  }
}

function writeText(out: ByteWriter, text: string): void {
  const at = out.reserve(4)
  out.length = at + 4
  out.text(text)
  out.putInt32(at, out.length - at - 4)
}

type Typed = Exclude<AnswerVector, { kind: 'cells' }>

/** A reader of 64-bit integers that makes no bigint where a number will do. */
function wideReader(values: BigInt64Array): (row: number) => number | bigint {
  const halves = new Int32Array(values.buffer, values.byteOffset, values.length * 2)
  return (row) => {
    const high = halves[row * 2 + 1]!
    // Within 2^53 the two halves make an exact number.
    if (high >= -0x200000 && high < 0x200000) return high * 4_294_967_296 + (halves[row * 2]! >>> 0)
    return values[row]!
  }
}

function textWriter(vector: Typed, type: PgType): ColumnWriter {
  switch (vector.kind) {
    case 'boolean': {
      const { values } = vector
      return (out, row) => {
        const at = out.reserve(5)
        out.putInt32(at, 1)
        out.buffer[at + 4] = values[row] === 0 ? 102 : 116
        out.length = at + 5
      }
    }
    case 'int32': {
      const { values } = vector
      return (out, row) => writeInteger(out, values[row]!)
    }
    case 'int64': {
      const read = wideReader(vector.values)
      return (out, row) => {
        const value = read(row)
        if (typeof value === 'number') writeInteger(out, value)
        else writeText(out, value.toString())
      }
    }
    case 'float64': {
      const { values } = vector
      const single = type.oid === OID.float4
      return (out, row) => writeText(out, floatText(values[row]!, single))
    }
    case 'date': {
      const { values } = vector
      return remembering((row) => values[row]!, dateText)
    }
    case 'timestamp':
      return timestampWriter(wideReader(vector.values), vector.zone)
  }
}

const DAY = 86_400_000_000

/** Writes times digit by digit; the day is printed anew only when it changes. */
function timestampWriter(read: (row: number) => number | bigint, zone: boolean): ColumnWriter {
  let day = Number.NaN
  let date = ''
  return (out, row) => {
    const value = read(row)
    const days = typeof value === 'number' ? Math.floor(value / DAY) : Number.NaN
    if (days !== day) {
      day = days
      date = Number.isNaN(days) ? '' : dateText(days)
    }
    if (typeof value !== 'number' || date.length !== 10) {
      writeText(out, timestampText(value, zone))
      return
    }
    const at = out.reserve(48)
    const { buffer } = out
    for (let i = 0; i < 10; i++) buffer[at + 4 + i] = date.charCodeAt(i)
    const rest = value - days * DAY
    const seconds = Math.floor(rest / 1e6)
    let end = at + 14
    const two = (mark: number, number: number): void => {
      const tens = Math.floor(number / 10)
      buffer[end] = mark
      buffer[end + 1] = 48 + tens
      buffer[end + 2] = 48 + number - tens * 10
      end += 3
    }
    two(32, Math.floor(seconds / 3600))
    two(58, Math.floor(seconds / 60) % 60)
    two(58, seconds % 60)
    const micros = rest - seconds * 1e6
    if (micros > 0) {
      const digits = String(micros).padStart(6, '0').replace(/0+$/, '')
      buffer[end++] = 46
      for (let i = 0; i < digits.length; i++) buffer[end++] = digits.charCodeAt(i)
    }
    if (zone) {
      buffer[end] = 43
      buffer[end + 1] = 48
      buffer[end + 2] = 48
      end += 3
    }
    out.putInt32(at, end - at - 4)
    out.length = end
  }
}

/** Neighbouring rows often have the same day. */
function remembering<T>(read: (row: number) => T, print: (value: T) => string): ColumnWriter {
  let last: T | undefined
  let text = ''
  return (out, row) => {
    const value = read(row)
    if (value !== last) {
      last = value
      text = print(value)
    }
    writeText(out, text)
  }
}

function writeInteger(out: ByteWriter, value: number): void {
  const at = out.reserve(24)
  const { buffer } = out
  let rest = value < 0 ? -value : value
  let digits = 1
  for (let bound = 10; rest >= bound; bound *= 10) digits++
  const start = at + 4 + (value < 0 ? 1 : 0)
  if (value < 0) buffer[at + 4] = 45
  for (let place = start + digits - 1; place >= start; place--) {
    const tenth = Math.floor(rest / 10)
    buffer[place] = 48 + (rest - tenth * 10)
    rest = tenth
  }
  out.putInt32(at, start + digits - at - 4)
  out.length = start + digits
}

function binaryWriter(vector: Typed, type: PgType): ColumnWriter {
  switch (vector.kind) {
    case 'boolean': {
      const { values } = vector
      return (out, row) => fixed(out, 1, (buffer, at) => buffer.writeUInt8(values[row] === 0 ? 0 : 1, at))
    }
    case 'int32': {
      const { values } = vector
      if (type.oid === OID.int2)
        return (out, row) => fixed(out, 2, (buffer, at) => buffer.writeInt16BE(values[row]!, at))
      if (type.oid === OID.int4)
        return (out, row) => fixed(out, 4, (buffer, at) => buffer.writeInt32BE(values[row]!, at))
      return (out, row) => writeBinaryCell(out, values[row]!, type)
    }
    case 'int64': {
      const { values } = vector
      if (type.oid !== OID.int8) return (out, row) => writeBinaryCell(out, values[row]!, type)
      return (out, row) => fixed(out, 8, (buffer, at) => buffer.writeBigInt64BE(values[row]!, at))
    }
    case 'float64': {
      const { values } = vector
      if (type.oid === OID.float4)
        return (out, row) => fixed(out, 4, (buffer, at) => buffer.writeFloatBE(values[row]!, at))
      if (type.oid !== OID.float8) return (out, row) => writeBinaryCell(out, values[row]!, type)
      return (out, row) => fixed(out, 8, (buffer, at) => buffer.writeDoubleBE(values[row]!, at))
    }
    case 'date': {
      const { values } = vector
      return (out, row) => fixed(out, 4, (buffer, at) => buffer.writeInt32BE(values[row]! - EPOCH_DAYS, at))
    }
    case 'timestamp': {
      const { values } = vector
      return (out, row) =>
        fixed(out, 8, (buffer, at) => buffer.writeBigInt64BE(values[row]! - 946_684_800_000_000n, at))
    }
  }
}

function fixed(out: ByteWriter, size: number, put: (buffer: Buffer, at: number) => void): void {
  const at = out.reserve(size + 4)
  out.putInt32(at, size)
  put(out.buffer, at + 4)
  out.length = at + size + 4
}

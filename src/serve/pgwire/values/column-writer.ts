import type { AnswerVector } from '../../../query/index.js'
import type { Format } from '../protocol/backend.js'
import { ByteWriter } from '../protocol/byte-writer.js'
import { binaryWriter } from './binary-column.js'
import { cellAt, type PutCell } from './cell.js'
import { LONGEST } from './digits.js'
import { isTextual, OID, type PgType } from './pg-types.js'
import { textWriter } from './text-column.js'
import { type TimeZone, UTC } from './time-zone.js'
import { cellText, writeBinaryCell } from './write-cell.js'

export interface ColumnWriter {
  readonly put: PutCell
  /** Room for any value of the column, apart from what `offsets` says. */
  readonly width: number
  /** The room for row r besides: `offsets[r + 1] - offsets[r]`. */
  readonly offsets: Int32Array | null
}

/** The way to write a column of a batch: chosen once per column, so that nothing is decided per cell. */
export function columnWriter(vector: AnswerVector, type: PgType, format: Format, zone: TimeZone = UTC): ColumnWriter {
  if (vector.kind === 'text') {
    // Text is the same in both formats, unless the client was told of another type.
    if (isTextual(type.oid) || type.oid === OID.json || format === 0) return bytesWriter(vector)
    return cellsWriter(vector, type, format, zone)
  }
  if (vector.kind === 'cells') return cellsWriter(vector, type, format, zone)
  const put = format === 1 ? binaryWriter(vector, type) : textWriter(vector, type, zone)
  if (put === null) return cellsWriter(vector, type, format, zone)
  return { put, width: LONGEST, offsets: null }
}

type Packed = Pick<Extract<AnswerVector, { kind: 'text' }>, 'values' | 'offsets' | 'nulls'>

/** Up to here a loop is faster than a call that copies. */
const LOOP = 96

function bytesWriter({ values, offsets, nulls }: Packed): ColumnWriter {
  const source = new DataView(values.buffer, values.byteOffset, values.byteLength)
  return {
    width: 4,
    offsets,
    put(view, at, row) {
      if (nulls !== null && nulls[row] === 1) {
        view.setInt32(at, -1)
        return at + 4
      }
      const from = offsets[row]!
      const length = offsets[row + 1]! - from
      view.setInt32(at, length)
      const start = at + 4
      if (length > LOOP) {
        new Uint8Array(view.buffer, view.byteOffset + start, length).set(values.subarray(from, from + length))
        return start + length
      }
      if (length >= 4) {
        // In words, the last of which lies over the one before.
        const last = length - 4
        for (let done = 0; done < last; done += 4) view.setInt32(start + done, source.getInt32(from + done))
        view.setInt32(start + last, source.getInt32(from + last))
      } else for (let done = 0; done < length; done++) view.setUint8(start + done, source.getUint8(from + done))
      return start + length
    },
  }
}

/** Values without a form of their own here: all of the batch are printed first. */
function cellsWriter(vector: AnswerVector, type: PgType, format: Format, zone: TimeZone): ColumnWriter {
  const rows = vector.kind === 'text' ? vector.offsets.length - 1 : vector.values.length
  const printed = new ByteWriter(rows * 16)
  const offsets = new Int32Array(rows + 1)
  const nulls = new Uint8Array(rows)
  const asIs = isTextual(type.oid) || type.oid === OID.json
  for (let row = 0; row < rows; row++) {
    const cell = cellAt(vector, row)
    if (cell === null) nulls[row] = 1
    else if (asIs && typeof cell === 'string') printed.text(cell)
    else if (format === 1) printed.length = withoutLength(printed, () => writeBinaryCell(printed, cell, type))
    else printed.text(cellText(cell, type, zone) ?? '')
    offsets[row + 1] = printed.length
  }
  return bytesWriter({ values: printed.buffer, offsets, nulls })
}

/** Takes the length in front of what is written away again; answers where it ended. */
function withoutLength(out: ByteWriter, write: () => void): number {
  const from = out.length
  write()
  out.buffer.copyWithin(from, from + 4, out.length)
  return out.length - 4
}

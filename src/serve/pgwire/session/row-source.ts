import type { Answer } from '../../../query/index.js'
import type { Field, Format, NoticeReport } from '../protocol/backend.js'
import { type ByteWriter, FLUSH_AT } from '../protocol/byte-writer.js'
import type { Cell } from '../values/cell.js'
import { type ColumnWriter, columnWriter } from '../values/column-writer.js'
import { type PgType, TEXT, typeOfColumn } from '../values/pg-types.js'
import type { TimeZone } from '../values/time-zone.js'

/** Writes the number of fields and each field with its length: what DataRow and binary COPY hold alike. */
export interface RowWriter {
  /** Room that is enough for the row. */
  room(row: number): number
  /** Writes it at `at` and answers where it ended. */
  put(view: DataView, at: number, row: number): number
  /** Writes rows as messages of this type until there is enough to be sent; answers the first that is not written. */
  messages(out: ByteWriter, type: number, from: number, to: number): number
}

/** Some rows, ready to be written in the formats that are asked for. */
export interface RowBatch {
  readonly rowCount: number
  writer(formats: readonly Format[]): RowWriter
}

/** Rows on their way to a client, wherever they come from. Read once. */
export interface RowSource {
  readonly fields: readonly Field[]
  readonly notices: readonly NoticeReport[]
  batches(): AsyncIterable<RowBatch>
  close(): Promise<void>
}

export function fieldOf(name: string, type: PgType): Field {
  return { name, tableOid: 0, column: 0, typeOid: type.oid, typeSize: type.size, typeModifier: type.modifier }
}

/** The formats of all columns, from the list a client gives: none means text, one is for all. */
export function spreadFormats(asked: readonly number[], columns: number): readonly Format[] {
  const of = (index: number): Format => ((asked.length === 1 ? asked[0] : (asked[index] ?? 0)) === 1 ? 1 : 0)
  return Array.from({ length: columns }, (_, index) => of(index))
}

/**
 * An answer as rows: the columns in the order of `take` (all of them when absent), under the names given. Moments are
 * shown by the clock of `zone`.
 */
export function answerRows(
  answer: Answer,
  notices: readonly NoticeReport[],
  zone: TimeZone,
  names?: readonly string[],
  take?: readonly number[],
): RowSource {
  const order = take ?? answer.columns.map((_, index) => index)
  const types = order.map((at) => typeOfColumn(answer.columns[at]?.type ?? 'text'))
  const fields = order.map((at, index) => fieldOf(names?.[index] ?? answer.columns[at]?.name ?? '', types[index]!))
  return {
    fields,
    notices,
    async *batches() {
      for await (const batch of answer.batches) {
        yield {
          rowCount: batch.rowCount,
          writer(formats) {
            const writers = order.map((at, index) =>
              columnWriter(batch.columns[at]!, types[index]!, formats[index] ?? 0, zone),
            )
            return rowWriter(writers)
          },
        }
      }
    },
    close: () => answer.close(),
  }
}

/** A writer of rows that are there as bytes, with their number of fields. */
export function writtenRows(rows: readonly Uint8Array[]): RowWriter {
  return {
    room: (row) => rows[row]!.length,
    put(view, at, row) {
      const bytes = rows[row]!
      new Uint8Array(view.buffer, view.byteOffset + at, bytes.length).set(bytes)
      return at + bytes.length
    },
    messages(out, type, from, to) {
      let row = from
      for (; row < to && out.length <= FLUSH_AT; row++) {
        const lengthAt = out.begin(type)
        out.bytes(rows[row]!)
        out.end(lengthAt)
      }
      return row
    },
  }
}

/** Bytes for which room is made at once. */
const BLOCK = 1 << 13

function rowWriter(columns: readonly ColumnWriter[]): RowWriter {
  const puts = columns.map(({ put }) => put)
  const packed = columns.flatMap(({ offsets }) => offsets ?? [])
  const count = puts.length
  const width = columns.reduce((sum, column) => sum + column.width, 2)
  const rowsOfBlock = Math.max(1, Math.floor(BLOCK / width))
  return {
    room(row) {
      let bytes = width
      for (let index = 0; index < packed.length; index++) bytes += packed[index]![row + 1]! - packed[index]![row]!
      return bytes
    },
    put(view, at, row) {
      view.setInt16(at, count)
      let end = at + 2
      for (let index = 0; index < count; index++) end = puts[index]!(view, end, row)
      return end
    },
    messages(out, type, from, to) {
      let row = from
      while (row < to && out.length <= FLUSH_AT) {
        const blockEnd = Math.min(to, row + rowsOfBlock)
        let room = (blockEnd - row) * (width + 5)
        for (let index = 0; index < packed.length; index++) room += packed[index]![blockEnd]! - packed[index]![row]!
        let at = out.reserve(room)
        const { view } = out
        for (; row < blockEnd; row++) {
          view.setUint8(at, type)
          view.setInt16(at + 5, count)
          let end = at + 7
          for (let index = 0; index < count; index++) end = puts[index]!(view, end, row)
          view.setInt32(at + 1, end - at - 1)
          at = end
        }
        out.length = at
      }
      return row
    },
  }
}

export interface LocalColumn {
  readonly name: string
  readonly type: PgType
}

/** Rows that the session itself knows. */
export function localRows(columns: readonly LocalColumn[], rows: readonly (readonly Cell[])[]): RowSource {
  return {
    fields: columns.map(({ name, type }) => fieldOf(name, type)),
    notices: [],
    async *batches() {
      yield {
        rowCount: rows.length,
        writer: (formats) =>
          rowWriter(
            columns.map(({ type }, index) =>
              columnWriter({ kind: 'cells', values: rows.map((row) => row[index] ?? null) }, type, formats[index] ?? 0),
            ),
          ),
      }
    },
    close: async () => {},
  }
}

export function textColumns(...names: readonly string[]): LocalColumn[] {
  return names.map((name) => ({ name, type: TEXT }))
}

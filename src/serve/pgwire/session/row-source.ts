import type { Answer } from '../../../query/index.js'
import type { Field, Format, NoticeReport } from '../protocol/backend.js'
import type { ByteWriter } from '../protocol/byte-writer.js'
import type { Cell } from '../values/cell.js'
import { columnWriter } from '../values/column-writer.js'
import { type PgType, TEXT, typeOfColumn } from '../values/pg-types.js'
import { cellText, writeBinaryCell } from '../values/write-cell.js'

/** Writes the number of fields and each field with its length: what DataRow and binary COPY hold alike. */
export type RowWriter = (out: ByteWriter, row: number) => void

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

/** An answer as rows: the columns in the order of `take` (all of them when absent), under the names given. */
export function answerRows(
  answer: Answer,
  notices: readonly NoticeReport[],
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
              columnWriter(batch.columns[at]!, types[index]!, formats[index] ?? 0),
            )
            return (out, row) => {
              out.int16(writers.length)
              for (let index = 0; index < writers.length; index++) writers[index]!(out, row)
            }
          },
        }
      }
    },
    close: () => answer.close(),
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
        writer: (formats) => (out, row) => {
          out.int16(columns.length)
          for (const [index, { type }] of columns.entries()) {
            const cell = rows[row]?.[index] ?? null
            if (formats[index] === 1) writeBinaryCell(out, cell, type)
            else writeText(out, cellText(cell, type))
          }
        },
      }
    },
    close: async () => {},
  }
}

export function textColumns(...names: readonly string[]): LocalColumn[] {
  return names.map((name) => ({ name, type: TEXT }))
}

function writeText(out: ByteWriter, text: string | null): void {
  if (text === null) {
    out.int32(-1)
    return
  }
  const at = out.reserve(4)
  out.length = at + 4
  out.text(text)
  out.putInt32(at, out.length - at - 4)
}

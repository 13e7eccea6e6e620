import type { Cell as ExcelCell } from 'write-excel-file/node'
import type { AnswerVector } from '../../../query/index.js'
import { RequestFault } from '../problem.js'
import { plainText } from './cell-text.js'
import type { AnswerFormat } from './format.js'

/** A workbook is made in memory; a sheet could hold a million rows, which nobody reads. */
const MOST_ROWS = 200_000

/** Excel keeps 15 digits: longer numbers stay text, rather than other numbers. */
const DIGITS = 15

/** An Excel workbook of one sheet; numbers are numbers, dates are dates. */
export const excel: AnswerFormat = {
  name: 'xlsx',
  mediaType: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  extension: 'xlsx',
  async *encode({ columns, batches }) {
    const rows: ExcelCell[][] = [columns.map(({ name }) => ({ value: name, type: String, fontWeight: 'bold' }))]
    for await (const batch of batches) {
      if (rows.length + batch.rowCount > MOST_ROWS) {
        throw new RequestFault(422, 'row-limit', `A sheet holds at most ${MOST_ROWS} rows`, 'ask for CSV or Parquet')
      }
      for (let row = 0; row < batch.rowCount; row++) rows.push(batch.columns.map((vector) => cellOf(vector, row)))
    }
    const { default: writeWorkbook } = await import('write-excel-file/node')
    yield await writeWorkbook(rows, { stickyRowsCount: 1 }).toBuffer()
  },
}

function cellOf(vector: AnswerVector, row: number): ExcelCell {
  const text = plainText(vector, row)
  if (text === null) return null
  switch (vector.kind) {
    case 'boolean':
      return { value: text === 'true', type: Boolean }
    case 'date':
      return { value: new Date(`${text}T00:00:00Z`), type: Date, format: 'yyyy-mm-dd' }
    case 'timestamp':
      return { value: new Date(Number(vector.values[row]! / 1000n)), type: Date, format: 'yyyy-mm-dd hh:mm:ss' }
    case 'text':
      return { value: text, type: String }
    case 'cells': {
      const cell = vector.values[row]
      const isNumber =
        typeof cell === 'number' ||
        typeof cell === 'bigint' ||
        (typeof cell === 'object' && cell !== null && 'kind' in cell && cell.kind === 'decimal')
      return isNumber ? numberCell(text) : { value: text, type: String }
    }
    case 'float64':
      return Number.isFinite(vector.values[row])
        ? { value: vector.values[row]!, type: Number }
        : { value: text, type: String }
    default:
      return numberCell(text)
  }
}

function numberCell(text: string): ExcelCell {
  const number = Number(text)
  const digits = text.replace(/^-?0*\.?0*|[^0-9]/g, '').length
  return Number.isFinite(number) && digits <= DIGITS ? { value: number, type: Number } : { value: text, type: String }
}

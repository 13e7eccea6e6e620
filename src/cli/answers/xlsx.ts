import type { Cell as ExcelCell } from 'write-excel-file/node'
import type { Cell, QueryResult } from '../../adapters/adapter.js'
import { type ColumnKind, columnKinds } from './column-kind.js'
import { cellNumber, cellText } from './text.js'

/** Writes the answer to an Excel file of one sheet: numbers as numbers, dates as dates, a head that stays in view. */
export async function writeExcel(result: QueryResult, path: string): Promise<void> {
  const { default: writeXlsxFile } = await import('write-excel-file/node')
  const kinds = columnKinds(result)
  const head: ExcelCell[] = result.columns.map(({ name }) => ({ value: name, type: String, fontWeight: 'bold' }))
  const rows = Array.from({ length: result.rowCount }, (_, row) =>
    kinds.map((kind, column) => excelCell(result.data[column]![row]!, kind)),
  )
  const columns = result.columns.map(({ name }) => ({ width: Math.min(40, Math.max(12, name.length + 2)) }))
  await writeXlsxFile([head, ...rows], { columns, stickyRowsCount: 1 }).toFile(path)
}

/** A number beyond Excel's 15 digits is text: Excel would round it without a word. */
function excelCell(cell: Cell, { kind }: ColumnKind): ExcelCell {
  if (cell === null) return null
  const text = cellText(cell)
  switch (kind) {
    case 'boolean':
      return { value: cell === true, type: Boolean }
    case 'date':
      return { value: new Date(`${text}T00:00:00Z`), type: Date, format: 'yyyy-mm-dd' }
    case 'timestamp': {
      const midnight = text.includes(' 00:00:00')
      return {
        value: new Date(`${text.slice(0, 19).replace(' ', 'T')}Z`),
        type: Date,
        format: midnight ? 'yyyy-mm-dd' : 'yyyy-mm-dd hh:mm:ss',
      }
    }
    case 'integer':
    case 'float':
    case 'decimal': {
      const number = cellNumber(cell)
      const exact = kind === 'float' || text.replace(/\D/g, '').length <= 15
      return number !== null && exact ? { value: number, type: Number } : { value: text, type: String }
    }
    default:
      return { value: text, type: String }
  }
}

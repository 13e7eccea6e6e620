import type { Cell, QueryResult } from '../../adapters/adapter.js'

/**
 * A cell as JSON. Numbers of every kind are JSON numbers, written in full (decimals and 64-bit integers lose nothing);
 * what JSON cannot say (`NaN`, `Infinity`) is text. Dates and times are text as the warehouse prints them.
 */
export function cellJson(cell: Cell): string {
  if (cell === null) return 'null'
  switch (typeof cell) {
    case 'boolean':
      return String(cell)
    case 'number':
      return Number.isFinite(cell) ? String(cell) : JSON.stringify(String(cell))
    case 'bigint':
      return String(cell)
    case 'string':
      return JSON.stringify(cell)
  }
  if (cell instanceof Date) return JSON.stringify(cell.toISOString())
  if (cell instanceof Uint8Array) return JSON.stringify(Buffer.from(cell).toString('base64'))
  switch (cell.kind) {
    case 'decimal':
      return /^-?(0|[1-9]\d*)(\.\d+)?$/.test(cell.text) ? cell.text : JSON.stringify(cell.text)
    case 'list':
      return `[${cell.items.map(cellJson).join(',')}]`
    case 'record':
      return `{${cell.entries.map(([name, value]) => `${JSON.stringify(name)}:${cellJson(value)}`).join(',')}}`
  }
}

/** `[{"name": ..., "type": ...}, ...]` */
export function columnsJson(result: QueryResult): string {
  return JSON.stringify(result.columns.map(({ name, type }) => ({ name, type })))
}

/** The rows, each an array in the order of the columns; `between` stands before every row. */
export function rowsJson(result: QueryResult, between = ''): string {
  const rows: string[] = []
  for (let row = 0; row < result.rowCount; row++) {
    rows.push(`${between}[${result.data.map((column) => cellJson(column[row]!)).join(',')}]`)
  }
  return `[${rows.join(',')}${rows.length > 0 && between !== '' ? '\n  ' : ''}]`
}

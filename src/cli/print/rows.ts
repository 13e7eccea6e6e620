import type { QueryResult } from '../../adapters/adapter.js'
import { agateTableOf } from '../../context/index.js'
import { type AgateTable, PyDateTime, PyDecimal, PyFloat, printTable, toStr, type Value } from '../../jinja/index.js'

/** Columns shown at most, and characters of a cell. */
const MAX_COLUMNS = 40
const MAX_WIDTH = 40

/** Rows as a table of text. */
export function rowsAsText(result: QueryResult): string {
  return printTable(agateTableOf(result), {
    maxRows: Number.POSITIVE_INFINITY,
    maxColumns: MAX_COLUMNS,
    maxColumnWidth: MAX_WIDTH,
    maxPrecision: 3,
  })
}

/** Rows as objects for `--output json`: numbers as numbers, moments in ISO 8601. */
export function rowsAsJson(result: QueryResult): Record<string, unknown>[] {
  const table: AgateTable = agateTableOf(result)
  return table.rows.map((row) =>
    Object.fromEntries(table.columnNames.map((name, i) => [name, cellAsJson(row.values[i] ?? null)])),
  )
}

function cellAsJson(value: Value): unknown {
  if (value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
    return value
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : String(value)
  if (value instanceof PyFloat) return value.value
  if (value instanceof PyDecimal) return value.toNumber()
  if (value instanceof PyDateTime) return toStr(value).replace(' ', 'T')
  return toStr(value)
}

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

/** A number that JSON shall show with these characters: JavaScript has 3 for 3.0 and rounds long integers. */
interface NumberAsWritten {
  readonly [AS_WRITTEN]: string
}

const AS_WRITTEN = Symbol('number as written')

/** Rows as objects for `--output json`: numbers as numbers, moments in ISO 8601. To be written by `jsonText`. */
export function rowsAsJson(result: QueryResult): Record<string, unknown>[] {
  const table: AgateTable = agateTableOf(result)
  return table.rows.map((row) =>
    Object.fromEntries(table.columnNames.map((name, i) => [name, cellAsJson(row.values[i] ?? null)])),
  )
}

/** JSON as Python writes it: a whole number of a column of fractions is 3.0. */
export function jsonText(value: unknown, indent?: number): string {
  const numbers: string[] = []
  const text = JSON.stringify(
    value,
    (_, each: unknown) => {
      if (typeof each !== 'object' || each === null || !(AS_WRITTEN in each)) return each
      return `\u0000${numbers.push((each as NumberAsWritten)[AS_WRITTEN]) - 1}`
    },
    indent,
  )
  return text.replace(/"\\u0000(\d+)"/g, (_, i: string) => numbers[Number(i)]!)
}

function cellAsJson(value: Value): unknown {
  if (value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
    return value
  if (typeof value === 'bigint') return { [AS_WRITTEN]: String(value) }
  if (value instanceof PyFloat) return fraction(value)
  if (value instanceof PyDecimal) return fraction(new PyFloat(value.toNumber()))
  if (value instanceof PyDateTime) return toStr(value).replace(' ', 'T')
  return toStr(value)
}

function fraction(value: PyFloat): NumberAsWritten | null {
  return Number.isFinite(value.value) ? { [AS_WRITTEN]: toStr(value) } : null
}

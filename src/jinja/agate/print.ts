import { PyDecimal } from '../values/decimal.js'
import { groupDigits } from '../values/format-number.js'
import { asJsNumber, toFixedHalfEven } from '../values/numbers.js'
import { toStr } from '../values/text.js'
import type { Value } from '../values/value.js'
import type { AgateTypeName } from './types.js'

/** What printing needs of a table. */
export interface PrintableTable {
  readonly columnNames: readonly string[]
  readonly columnTypes: readonly { readonly name: AgateTypeName }[]
  readonly rows: readonly { readonly values: readonly Value[] }[]
}

export interface PrintLimits {
  readonly maxRows: number
  readonly maxColumns: number
  readonly maxColumnWidth: number
  readonly maxPrecision: number
}

const ELLIPSIS = '...'

function truncated(text: string, width: number): string {
  return text.length > width ? text.slice(0, width - ELLIPSIS.length) + ELLIPSIS : text
}

/** The table as Markdown-like text, as agate's `print_table` writes it. */
export function printTable(table: PrintableTable, limits: PrintLimits): string {
  const { maxRows, maxColumns, maxColumnWidth } = limits
  const names = table.columnNames.slice(0, maxColumns).map((name) => truncated(name, maxColumnWidth))
  const more = table.columnNames.length > maxColumns
  if (more) names.push(ELLIPSIS)
  const shown = table.rows.slice(0, maxRows)
  const formats = table.columnTypes.map(({ name }, i) =>
    name === 'Number'
      ? numberFormat(
          shown.map((row) => row.values[i]),
          limits.maxPrecision,
        )
      : toStr,
  )
  const cells = shown.map(({ values }) => {
    const texts = values
      .slice(0, maxColumns)
      .map((value, i) => truncated(value === null ? '' : formats[i]!(value), maxColumnWidth))
    return more ? [...texts, ELLIPSIS] : texts
  })
  const widths = names.map((name, i) => Math.max(name.length, ...cells.map((row) => row[i]!.length)))
  const line = (texts: readonly string[]): string => {
    const padded = texts.map((text, i) =>
      table.columnTypes[i]!.name === 'Text' ? text.padEnd(widths[i]!) : text.padStart(widths[i]!),
    )
    return `|${padded.map((text) => ` ${text} `).join('|')}|`
  }
  const lines = [line(names), `| ${widths.map((w) => '-'.repeat(w)).join(' | ')} |`, ...cells.map(line)]
  if (table.rows.length > maxRows) lines.push(line(names.map(() => ELLIPSIS)))
  return `${lines.join('\n')}\n`
}

/** Numbers of a column: as many places as the most precise needs, thousands grouped. */
function numberFormat(values: readonly Value[], maxPrecision: number): (value: Value) => string {
  const most = Math.max(0, ...values.map(placesOf))
  const places = Math.min(most, maxPrecision)
  return (value) => {
    const number = value instanceof PyDecimal ? value.toNumber() : asJsNumber(value)
    if (number === undefined || !Number.isFinite(number)) return toStr(value)
    const [whole = '', fraction] = toFixedHalfEven(Math.abs(number), places).split('.')
    const grouped = groupDigits(whole, ',', 3)
    const text = fraction === undefined ? grouped : `${grouped}.${fraction}`
    return (number < 0 ? '-' : '') + text + (most > maxPrecision ? '…' : '')
  }
}

function placesOf(value: Value): number {
  const text = value === null ? '' : toStr(value)
  const point = text.indexOf('.')
  return point === -1 ? 0 : text.slice(point + 1).replace(/0+$/, '').length
}

/** Column names and types as a table of text. */
export function printStructure(table: PrintableTable): string {
  const rows = table.columnNames.map((name, i) => ({ values: [name, table.columnTypes[i]!.name] }))
  const structure: PrintableTable = {
    columnNames: ['column', 'data_type'],
    columnTypes: [{ name: 'Text' }, { name: 'Text' }],
    rows,
  }
  const all = Number.POSITIVE_INFINITY
  return printTable(structure, { maxRows: all, maxColumns: all, maxColumnWidth: all, maxPrecision: 3 })
}

/** The table as CSV. */
export function printCsv(table: PrintableTable): string {
  const lines = [table.columnNames, ...table.rows.map((row) => row.values.map(csvText))]
  return lines.map((cells) => `${cells.map(csvCell).join(',')}\n`).join('')
}

function csvText(value: Value): string {
  return value === null ? '' : toStr(value)
}

function csvCell(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

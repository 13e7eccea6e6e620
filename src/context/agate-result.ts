import type { Cell, CellList, CellRecord, QueryResult, ResultColumn } from '../adapters/adapter.js'
import { AgateTable, type Print, PyDateTime, PyDecimal, PyFloat, toStr, type Value } from '../jinja/index.js'
import { pythonJson } from '../project/render/python-json.js'
import { agateTypeOfResult } from './agate-types.js'
import { decimalOf, decimalOfFloat } from './decimal.js'
import { parseDate, zoneOf } from './seed/dates.js'

type Convert = (cell: Cell) => Value

/** A result as templates see it: Python's values in agate's columns. Its print methods write to `print`. */
export function agateTableOf(result: QueryResult, print?: Print): AgateTable {
  const columns = result.columns.map((column, i) => columnValues(column, result.data[i] ?? []))
  const types = result.columns.map((column, i) => {
    const values = columns[i]!
    return agateTypeOfResult(column, values.length > 0 && values.every((value) => value === null))
  })
  return AgateTable.fromColumns(
    result.columns.map((column) => column.name),
    columns,
    types,
    print,
  )
}

function columnValues(column: ResultColumn, cells: readonly Cell[]): Value[] {
  const convert = CONVERTERS[column.family] ?? plain
  return cells.map((cell) => (cell === null ? null : convert(cell)))
}

const CONVERTERS: Readonly<Partial<Record<ResultColumn['family'], Convert>>> = {
  number: (cell) => (typeof cell === 'number' ? decimalOfFloat(cell) : plain(cell)),
  date: (cell) => (typeof cell === 'string' ? (parseDate(cell) ?? cell) : plain(cell)),
  datetime: (cell) => (typeof cell === 'string' ? (dateTimeOf(cell) ?? cell) : plain(cell)),
}

/** `2024-01-31 12:30:00.123456+00:00`; undefined for what no calendar has (`infinity`, years before Christ). */
function dateTimeOf(text: string): PyDateTime | undefined {
  const match = /^(\d{4}-\d\d-\d\d)[ T](\d\d):(\d\d):(\d\d)(?:\.(\d+))?\s*(Z|[+-]\d\d(?::?\d\d)?)?/.exec(text)
  const date = match === null ? undefined : parseDate(match[1]!)
  if (match === null || date === undefined) return undefined
  const microsecond = Number((match[5] ?? '').slice(0, 6).padEnd(6, '0'))
  const time = { hour: Number(match[2]), minute: Number(match[3]), second: Number(match[4]), microsecond }
  return new PyDateTime(date, time, zoneOf(match[6]))
}

/** A cell as a Python value; lists and records as JSON text, which is how dbt gives them to templates. */
function plain(cell: Cell): Value {
  if (cell === null || typeof cell !== 'object') return cell
  if (cell instanceof Date) return PyDateTime.fromDate(cell)
  if (cell instanceof Uint8Array) return bytesText(cell)
  if (cell.kind === 'decimal') return decimalOf(cell.text)
  return pythonJson(nested(cell))
}

function nested(cell: Cell): Value {
  if (cell === null || typeof cell !== 'object') return cell
  if (cell instanceof Date || cell instanceof Uint8Array) return toStr(plain(cell))
  if (cell.kind === 'decimal') return new PyFloat(Number(cell.text))
  return cell.kind === 'list' ? (cell as CellList).items.map(nested) : recordOf(cell as CellRecord)
}

function recordOf(record: CellRecord): Value {
  return Object.fromEntries(record.entries.map(([name, cell]) => [name, nested(cell)]))
}

/** Python's `b'...'`. */
function bytesText(bytes: Uint8Array): string {
  const text = Array.from(bytes, (byte) =>
    byte >= 32 && byte < 127 && byte !== 92
      ? String.fromCharCode(byte)
      : byte === 92
        ? '\\\\'
        : `\\x${byte.toString(16).padStart(2, '0')}`,
  ).join('')
  return `b'${text.replaceAll("'", "\\'")}'`
}

const FAMILIES: Readonly<Record<string, 'text' | 'integer' | 'number' | 'boolean' | 'date' | 'datetime' | 'time'>> = {
  Integer: 'integer',
  Text: 'text',
  Boolean: 'boolean',
  DateTime: 'datetime',
  ISODateTime: 'datetime',
  Date: 'date',
  TimeDelta: 'time',
}

/** What kind of column a seed's column becomes: numbers without a fraction are integers. Null for unknown classes. */
export function agateFamily(table: AgateTable, index: number): (typeof FAMILIES)[string] | null {
  const type = table.columnTypes[index]?.name
  if (type !== 'Number') return (type === undefined ? undefined : FAMILIES[type]) ?? null
  return table.columns[index]!.values.some(hasFraction) ? 'number' : 'integer'
}

function hasFraction(value: Value): boolean {
  if (!(value instanceof PyDecimal) || value.exponent >= 0) return false
  return value.coefficient % 10n ** BigInt(-value.exponent) !== 0n
}

import type { Value } from '../../jinja/index.js'
import { decimalOf } from '../decimal.js'
import { parseDate, parseDateTime, parseIsoDateTime } from './dates.js'

/** Types a seed's column can have, in the order they are tried; `integer` is that of a column without any value. */
export type SeedColumnType = 'integer' | 'number' | 'date' | 'datetime' | 'iso-datetime' | 'boolean' | 'text'

/** Texts that mean no value, whatever the column's type. */
const NULLS: ReadonlySet<string> = new Set(['', 'null'])
/** Signs of money that may stand around a number. */
const CURRENCY = '؋$ƒ៛¥₡₱£€¢﷼₪₩₭₮₦฿₤₫'
const CURRENCY_EDGES = new RegExp(`^[${CURRENCY}]+|[${CURRENCY}]+$`, 'g')
/** What Python's Decimal reads: digits, underscores between them, exponents, and the special values. */
const DECIMAL = /^[+-]?(?:(?:\d[\d_]*\.?[\d_]*|\.\d[\d_]*)(?:e[+-]?\d+)?|nan|s?nan\d*|inf|infinity)$/i

/** A reader gives a cell's value, or undefined when the cell is not of its type. */
type Reader = (cell: string) => Value

const READERS: Readonly<Record<Exclude<SeedColumnType, 'integer' | 'text'>, Reader>> = {
  number: (cell) => {
    const text = numberText(cell.trim())
    return text === undefined ? undefined : decimalOf(text)
  },
  date: (cell) => parseDate(cell.trim()),
  datetime: (cell) => parseDateTime(cell.trim()),
  'iso-datetime': (cell) => parseIsoDateTime(cell.trim()),
  boolean: (cell) => BOOLEANS.get(cell.replaceAll(',', '').trim().toLowerCase()),
}

const BOOLEANS: ReadonlyMap<string, boolean> = new Map([
  ['true', true],
  ['false', false],
])

const CANDIDATES = ['number', 'date', 'datetime', 'iso-datetime', 'boolean'] as const

/**
 * The type of a column by its cells (agate's rules as dbt sets them): the first all cells fit. Cells that mean no value
 * fit all; a column without cells is of integers.
 */
export function inferType(cells: readonly string[]): SeedColumnType {
  if (cells.length === 0) return 'integer'
  return CANDIDATES.find((type) => cells.every((cell) => isNull(cell) || fits(type, cell))) ?? 'text'
}

/** A cell's value in a column of a type. */
export function readCell(type: SeedColumnType, cell: string): Value {
  if (isNull(cell)) return null
  return type === 'text' || type === 'integer' ? cell : READERS[type](cell)
}

function isNull(cell: string): boolean {
  // Longer than `null` and a little space around it: nearly every cell.
  return (cell.length < 5 || cell.trim().length < 5) && NULLS.has(cell.trim().toLowerCase())
}

function fits(type: (typeof CANDIDATES)[number], cell: string): boolean {
  return type === 'number' ? numberText(cell.trim()) !== undefined : READERS[type](cell) !== undefined
}

/** The number in `$1,234.5`, `-7`, `9%` as Decimal reads it; undefined for what is none. */
function numberText(cell: string): string | undefined {
  const bare = cell.replace(/^%+|%+$/g, '')
  const negative = bare.startsWith('-')
  const text = (negative ? bare.slice(1) : bare).replace(CURRENCY_EDGES, '').replaceAll(',', '').trim()
  if (!DECIMAL.test(text)) return undefined
  return negative ? negated(text.replaceAll('_', '')) : text.replaceAll('_', '')
}

function negated(text: string): string {
  return text.startsWith('-') ? text.slice(1) : `-${text.replace(/^\+/, '')}`
}

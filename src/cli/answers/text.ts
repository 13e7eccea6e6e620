import type { Cell, QueryResult } from '../../adapters/adapter.js'
import { cellJson } from './json.js'

const MIDNIGHT = / 00:00:00(?:\.0+)?(?:\+00(?::00)?)?$/

/** A cell as plain text: what CSV files hold. No value is an empty text. */
export function cellText(cell: Cell): string {
  if (cell === null) return ''
  if (typeof cell === 'string') return cell
  if (typeof cell === 'object' && 'kind' in cell && cell.kind === 'decimal') return cell.text
  const json = cellJson(cell)
  return json.startsWith('"') ? (JSON.parse(json) as string) : json
}

/** The number a cell holds, for what draws or adds up; null for anything else. */
export function cellNumber(cell: Cell | undefined): number | null {
  if (typeof cell === 'number') return Number.isFinite(cell) ? cell : null
  if (typeof cell === 'bigint') return Number(cell)
  if (typeof cell !== 'object' || cell === null || !('kind' in cell) || cell.kind !== 'decimal') return null
  const number = Number(cell.text)
  return Number.isFinite(number) ? number : null
}

export interface TextColumn {
  readonly name: string
  readonly cells: readonly string[]
  readonly isNumber: boolean
}

/** Four digits after the point, or four that say something. */
function shortFloat(value: number): string {
  if (Number.isInteger(value)) return String(value)
  return String(Number(Math.abs(value) >= 1 ? value.toFixed(4) : value.toPrecision(4)))
}

/**
 * The columns as people read them: days without the midnight that time columns carry, floats with four digits (decimals
 * as the warehouse has them), and with `decimals` all that are not whole numbers with so many digits.
 */
export function readableColumns({ columns, data }: QueryResult, decimals: number | null): TextColumn[] {
  return columns.map(({ name, family }, index) => {
    const cells = data[index] ?? []
    const isNumber = family === 'number' || family === 'integer'
    const isDaily =
      family === 'datetime' && cells.every((cell) => cell === null || (typeof cell === 'string' && MIDNIGHT.test(cell)))
    const text = (cell: Cell): string => {
      if (isDaily) return cellText(cell).replace(MIDNIGHT, '')
      if (family !== 'number') return cellText(cell)
      const number = cellNumber(cell)
      if (number === null) return cellText(cell)
      if (decimals !== null) return number.toFixed(decimals)
      return typeof cell === 'number' ? shortFloat(cell) : cellText(cell)
    }
    return { name, cells: cells.map(text), isNumber }
  })
}

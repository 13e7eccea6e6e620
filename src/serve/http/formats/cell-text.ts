import { type AnswerVector, type Cell, decimalAt, textAt } from '../../../query/index.js'

/** Writes one value of a vector as text. */
export type CellWriter = (vector: AnswerVector, row: number) => string

const DAY = 86_400_000

/** `2024-01-31`; years beyond four digits with a sign, as ISO 8601 has them. */
export function dateText(days: number): string {
  const iso = new Date(days * DAY).toISOString()
  return iso.slice(0, iso.indexOf('T'))
}

/** `2024-01-31T12:30:00[.123456][Z]` */
export function timestampText(micros: bigint, zone: boolean): string {
  const seconds = micros / 1_000_000n - (micros % 1_000_000n < 0n ? 1n : 0n)
  const iso = new Date(Number(seconds) * 1000).toISOString()
  const fraction = Number(micros - seconds * 1_000_000n)
  const digits = fraction === 0 ? '' : `.${String(fraction).padStart(6, '0').replace(/0+$/, '')}`
  return `${iso.slice(0, -5)}${digits}${zone ? 'Z' : ''}`
}

/** A cell as JSON: decimals and large integers as numbers with all their digits. */
export function cellJson(cell: Cell): string {
  if (cell === null) return 'null'
  switch (typeof cell) {
    case 'string':
      return JSON.stringify(cell)
    case 'boolean':
      return cell ? 'true' : 'false'
    case 'bigint':
      return String(cell)
    case 'number':
      return numberJson(cell)
  }
  if (cell instanceof Date) return JSON.stringify(cell.toISOString())
  if (cell instanceof Uint8Array) return JSON.stringify(Buffer.from(cell).toString('base64'))
  switch (cell.kind) {
    case 'decimal':
      return /^-?\d+(?:\.\d+)?$/.test(cell.text) ? cell.text : JSON.stringify(cell.text)
    case 'list':
      return `[${cell.items.map(cellJson).join(',')}]`
    case 'record':
      return `{${cell.entries.map(([key, value]) => `${JSON.stringify(key)}:${cellJson(value)}`).join(',')}}`
  }
}

/** JSON has no word for what is not a finite number: those are texts. */
export function numberJson(value: number): string {
  return Number.isFinite(value) ? String(value) : JSON.stringify(String(value))
}

/** One value of a vector as JSON. */
export const jsonWriter: CellWriter = (vector, row) => {
  if (vector.kind === 'cells') return cellJson(vector.values[row] ?? null)
  if (vector.nulls?.[row] === 1) return 'null'
  switch (vector.kind) {
    case 'boolean':
      return vector.values[row] === 1 ? 'true' : 'false'
    case 'int32':
    case 'int64':
      return String(vector.values[row])
    case 'float64':
      return numberJson(vector.values[row]!)
    case 'decimal':
      return decimalAt(vector, row)
    case 'text':
      return JSON.stringify(textAt(vector, row))
    case 'date':
      return `"${dateText(vector.values[row]!)}"`
    case 'timestamp':
      return `"${timestampText(vector.values[row]!, vector.zone)}"`
  }
}

/** A value as plain text; null as nothing. */
export function plainText(vector: AnswerVector, row: number): string | null {
  if (vector.kind === 'cells') {
    const cell = vector.values[row] ?? null
    if (cell === null || typeof cell === 'string') return cell
    if (typeof cell === 'object' && 'kind' in cell && cell.kind === 'decimal') return cell.text
    const json = cellJson(cell)
    return json.startsWith('"') ? (JSON.parse(json) as string) : json
  }
  if (vector.nulls?.[row] === 1) return null
  switch (vector.kind) {
    case 'text':
      return textAt(vector, row)
    case 'decimal':
      return decimalAt(vector, row)
    case 'boolean':
      return vector.values[row] === 1 ? 'true' : 'false'
    case 'date':
      return dateText(vector.values[row]!)
    case 'timestamp':
      return timestampText(vector.values[row]!, vector.zone)
    default:
      return String(vector.values[row])
  }
}

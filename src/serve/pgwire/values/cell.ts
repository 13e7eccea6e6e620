import { type AnswerVector, decimalAt, textAt } from '../../../query/index.js'
import { dateText, timestampText } from './times.js'

/** A value as adapters give it. */
export type Cell = Extract<AnswerVector, { readonly kind: 'cells' }>['values'][number]

/** Writes the value of one row with its length in front, at `at`; answers where it ended. There is room for it. */
export type PutCell = (view: DataView, at: number, row: number) => number

/** One value of a vector by itself. */
export function cellAt(vector: AnswerVector, row: number): Cell {
  if (vector.kind === 'cells') return vector.values[row] ?? null
  if (vector.nulls?.[row] === 1) return null
  switch (vector.kind) {
    case 'boolean':
      return vector.values[row] === 1
    case 'date':
      return dateText(vector.values[row]!)
    case 'timestamp':
      return timestampText(vector.values[row]!, vector.zone)
    case 'decimal':
      return { kind: 'decimal', text: decimalAt(vector, row) }
    case 'text':
      return textAt(vector, row)
    default:
      return vector.values[row]!
  }
}

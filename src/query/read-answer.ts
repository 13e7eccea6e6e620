import type { Cell, QueryResult } from '../adapters/adapter.js'
import { decimalAt, textAt } from '../adapters/vectors.js'
import type { Answer, AnswerVector } from './types.js'

/** Reads an answer to its end, for who needs all of it at once; cells are as adapters give them. */
export async function readAnswer(answer: Answer): Promise<QueryResult> {
  const data: Cell[][] = answer.columns.map(() => [])
  let rowCount = 0
  for await (const batch of answer.batches) {
    batch.columns.forEach((vector, at) => {
      const cells = data[at]!
      for (let row = 0; row < batch.rowCount; row++) cells.push(cellAt(vector, row))
    })
    rowCount += batch.rowCount
  }
  return { response: { _message: `${rowCount} rows` }, columns: answer.columns, data, rowCount }
}

function cellAt(vector: AnswerVector, row: number): Cell {
  if (vector.kind === 'cells') return vector.values[row] ?? null
  if (vector.nulls?.[row] === 1) return null
  switch (vector.kind) {
    case 'boolean':
      return vector.values[row] === 1
    case 'int32':
    case 'float64':
      return vector.values[row]!
    case 'int64': {
      const value = vector.values[row]!
      return Number.isSafeInteger(Number(value)) ? Number(value) : value
    }
    case 'decimal':
      return { kind: 'decimal', text: decimalAt(vector, row) }
    case 'text':
      return textAt(vector, row)
    case 'date':
      return dateText(vector.values[row]!)
    case 'timestamp':
      return `${timestampText(vector.values[row]!)}${vector.zone ? '+00:00' : ''}`
  }
}

const DAY = 86_400_000
const DAY_MICROS = 86_400_000_000n

/** `2024-01-31` */
function dateText(days: number): string {
  const date = new Date(days * DAY)
  const year = date.getUTCFullYear()
  const shown = String(year > 0 ? year : 1 - year).padStart(4, '0')
  return `${shown}${date.toISOString().slice(-20, -14)}${year > 0 ? '' : ' (BC)'}`
}

/** `2024-01-31 12:30:00[.123456]` */
function timestampText(micros: bigint): string {
  const days = micros / DAY_MICROS - (micros % DAY_MICROS < 0n ? 1n : 0n)
  const rest = Number(micros - days * DAY_MICROS)
  const seconds = Math.floor(rest / 1_000_000)
  const fraction = rest - seconds * 1_000_000
  const clock = new Date(seconds * 1000).toISOString().slice(11, 19)
  const digits = fraction === 0 ? '' : `.${String(fraction).padStart(6, '0').replace(/0+$/, '')}`
  return `${dateText(Number(days))} ${clock}${digits}`
}

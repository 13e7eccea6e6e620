import type { Cell, QueryResult } from '../../adapters/adapter.js'
import { cellText } from './text.js'

/** What files that know types are told of a column; whichever warehouse it comes from. */
export type ColumnKind =
  | { readonly kind: 'integer' | 'float' | 'boolean' | 'date' | 'timestamp' | 'timestamp-zone' | 'text' }
  | { readonly kind: 'decimal'; readonly scale: number }

/** Numbers with more digits after the point are no amounts but quotients: floats. */
const MAX_SCALE = 9

/** The kind of every column, by what the warehouse calls it and by its values. */
export function columnKinds({ columns, data }: QueryResult): ColumnKind[] {
  return columns.map(({ family, type }, index) => {
    const cells = data[index] ?? []
    switch (family) {
      case 'integer':
        return cells.every(fits64) ? { kind: 'integer' } : { kind: 'decimal', scale: 0 }
      case 'number':
        return numberKind(cells)
      case 'boolean':
      case 'date':
        return { kind: family }
      case 'datetime':
        return { kind: /zone$|tz\b/i.test(type) && !/without/i.test(type) ? 'timestamp-zone' : 'timestamp' }
      default:
        return { kind: 'text' }
    }
  })
}

function fits64(cell: Cell): boolean {
  return typeof cell !== 'bigint' || BigInt.asIntN(64, cell) === cell
}

function numberKind(cells: readonly Cell[]): ColumnKind {
  let scale = 0
  for (const cell of cells) {
    if (cell === null) continue
    if (typeof cell !== 'object' || !('kind' in cell) || cell.kind !== 'decimal') return { kind: 'float' }
    const digits = /^-?(\d+)(?:\.(\d+))?$/.exec(cellText(cell))
    if (digits === null) return { kind: 'float' }
    scale = Math.max(scale, digits[2]?.length ?? 0)
    if (scale > MAX_SCALE || digits[1]!.length > 38 - MAX_SCALE) return { kind: 'float' }
  }
  return { kind: 'decimal', scale }
}

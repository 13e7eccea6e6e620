import type { Cell } from '../../adapters/adapter.js'
import type { VectorBatch } from '../../adapters/vectors.js'

/** About how many bytes of memory a batch takes. */
export function batchBytes({ columns }: VectorBatch): number {
  let bytes = 64
  for (const vector of columns) {
    if (vector.kind === 'cells') for (const cell of vector.values) bytes += cellBytes(cell)
    else bytes += vector.values.byteLength + (vector.nulls?.byteLength ?? 0)
    if (vector.kind === 'text') bytes += vector.offsets.byteLength
  }
  return bytes
}

function cellBytes(cell: Cell): number {
  if (typeof cell === 'string') return 24 + cell.length
  if (cell === null || typeof cell !== 'object') return 16
  if (cell instanceof Uint8Array) return 96 + cell.byteLength
  if (cell instanceof Date) return 48
  switch (cell.kind) {
    case 'decimal':
      return 72 + cell.text.length
    case 'list':
      return cell.items.reduce<number>((sum, item) => sum + cellBytes(item), 64)
    case 'record':
      return cell.entries.reduce((sum, [key, value]) => sum + key.length + cellBytes(value), 64)
  }
}

import type { DataType, Vector } from 'apache-arrow'
import type { Cell, QueryResult } from '../../adapters/adapter.js'
import { type ColumnKind, columnKinds } from './column-kind.js'
import { cellNumber, cellText } from './text.js'

/** The answer as an Arrow IPC stream. Decimals are 128 bits wide, moments count microseconds. */
export async function arrowOf(result: QueryResult): Promise<Uint8Array> {
  const arrow = await import('apache-arrow')
  const vector = (kind: ColumnKind, cells: readonly Cell[]): Vector => {
    const make = (type: DataType, read: (cell: Cell & {}) => unknown): Vector =>
      arrow.vectorFromArray(
        cells.map((cell) => (cell === null ? null : read(cell))),
        type,
      ) as Vector
    switch (kind.kind) {
      case 'integer':
        return make(new arrow.Int64(), (cell) => BigInt(cell as number | bigint))
      case 'float':
        return make(new arrow.Float64(), (cell) => cellNumber(cell) ?? Number(cellText(cell)))
      case 'decimal':
        return make(new arrow.Decimal(kind.scale, 38, 128), (cell) => decimalWords(cellText(cell), kind.scale))
      case 'boolean':
        return make(new arrow.Bool(), (cell) => cell === true)
      case 'date':
        return make(new arrow.DateDay(), (cell) => new Date(`${cellText(cell)}T00:00:00Z`))
      case 'timestamp':
        return make(new arrow.TimestampMicrosecond(null), (cell) => milliseconds(cellText(cell)))
      case 'timestamp-zone':
        return make(new arrow.TimestampMicrosecond('UTC'), (cell) => milliseconds(cellText(cell)))
      case 'text':
        return make(new arrow.Utf8(), cellText)
    }
  }
  const kinds = columnKinds(result)
  const columns = result.columns.map(({ name }, index) => [name, vector(kinds[index]!, result.data[index]!)] as const)
  return arrow.tableToIPC(new arrow.Table(Object.fromEntries(columns)), 'stream')
}

/** A decimal as four words of its unscaled value, the lowest first, negative ones as two's complement. */
function decimalWords(text: string, scale: number): Uint32Array {
  const [whole, fraction = ''] = text.split('.')
  const unscaled = BigInt.asUintN(128, BigInt(`${whole}${fraction.padEnd(scale, '0')}`))
  return Uint32Array.from([0n, 32n, 64n, 96n], (shift) => Number((unscaled >> shift) & 0xffffffffn))
}

/** `2024-01-31 12:30:00.123456[+00:00]` in milliseconds since 1970, with microseconds after the point. */
function milliseconds(text: string): number {
  const match = /^(.{10})[ T](\d\d:\d\d:\d\d)(?:\.(\d+))?([+-]\d\d(?::?\d\d)?|Z)?$/.exec(text.trim())
  if (match === null) return Date.parse(`${text}Z`)
  const [, day, time, fraction = '', zone = 'Z'] = match
  const offset = zone === 'Z' ? 'Z' : zone.length === 3 ? `${zone}:00` : zone
  return Date.parse(`${day}T${time}${offset}`) + Number(`0.${fraction || 0}`) * 1000
}

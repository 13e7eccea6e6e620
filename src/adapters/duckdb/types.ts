import {
  DuckDBDateValue,
  DuckDBDecimalValue,
  DuckDBTimestampTZValue,
  DuckDBTimestampValue,
  type DuckDBType,
  DuckDBTypeId,
  type DuckDBValue,
  type DuckDBVector,
} from '@duckdb/node-api'
import type { Cell, CellList, CellRecord, ResultColumn } from '../adapter.js'

/** Reads the cells of one vector, from 0 to `count`, to the end of `into`. */
export type CellReader = (vector: DuckDBVector, count: number, into: Cell[]) => void

type Family = ResultColumn['family']

const FAMILIES: Readonly<Partial<Record<DuckDBTypeId, Family>>> = {
  [DuckDBTypeId.BOOLEAN]: 'boolean',
  [DuckDBTypeId.TINYINT]: 'integer',
  [DuckDBTypeId.SMALLINT]: 'integer',
  [DuckDBTypeId.INTEGER]: 'integer',
  [DuckDBTypeId.BIGINT]: 'integer',
  [DuckDBTypeId.UTINYINT]: 'integer',
  [DuckDBTypeId.USMALLINT]: 'integer',
  [DuckDBTypeId.UINTEGER]: 'integer',
  [DuckDBTypeId.UBIGINT]: 'integer',
  [DuckDBTypeId.HUGEINT]: 'integer',
  [DuckDBTypeId.UHUGEINT]: 'integer',
  [DuckDBTypeId.BIGNUM]: 'integer',
  [DuckDBTypeId.FLOAT]: 'number',
  [DuckDBTypeId.DOUBLE]: 'number',
  [DuckDBTypeId.DECIMAL]: 'number',
  [DuckDBTypeId.DATE]: 'date',
  [DuckDBTypeId.TIMESTAMP]: 'datetime',
  [DuckDBTypeId.TIMESTAMP_S]: 'datetime',
  [DuckDBTypeId.TIMESTAMP_MS]: 'datetime',
  [DuckDBTypeId.TIMESTAMP_NS]: 'datetime',
  [DuckDBTypeId.TIMESTAMP_TZ]: 'datetime',
  [DuckDBTypeId.INTERVAL]: 'interval',
  [DuckDBTypeId.VARCHAR]: 'text',
  [DuckDBTypeId.UUID]: 'text',
  [DuckDBTypeId.ENUM]: 'text',
}

/** agate's class of a DuckDB type; `other` for binary, times and everything nested. */
export function familyOf(type: DuckDBType): Family {
  return FAMILIES[type.typeId] ?? 'other'
}

/** How cells of a type are read. Chosen once a column, so that the loop over rows does not look at types. */
export function readerOf(type: DuckDBType): CellReader {
  switch (type.typeId) {
    case DuckDBTypeId.BIGINT:
    case DuckDBTypeId.UBIGINT:
    case DuckDBTypeId.HUGEINT:
    case DuckDBTypeId.UHUGEINT:
    case DuckDBTypeId.BIGNUM:
      return readAs((value) => (typeof value === 'bigint' ? integerCell(value) : cellOf(value)))
    case DuckDBTypeId.BOOLEAN:
    case DuckDBTypeId.TINYINT:
    case DuckDBTypeId.SMALLINT:
    case DuckDBTypeId.INTEGER:
    case DuckDBTypeId.UTINYINT:
    case DuckDBTypeId.USMALLINT:
    case DuckDBTypeId.UINTEGER:
    case DuckDBTypeId.FLOAT:
    case DuckDBTypeId.DOUBLE:
    case DuckDBTypeId.VARCHAR:
    case DuckDBTypeId.ENUM:
      return readPlain
    case DuckDBTypeId.TIMESTAMP:
      return readAs((value) => (value instanceof DuckDBTimestampValue ? timestampText(value) : cellOf(value)))
    case DuckDBTypeId.TIMESTAMP_TZ:
      return readAs(instantCell)
    default:
      return readAs(cellOf)
  }
}

/** For types whose values already are cells. */
const readPlain: CellReader = (vector, count, into) => {
  for (let row = 0; row < count; row++) into.push(vector.getItem(row) as Cell)
}

function readAs(convert: (value: DuckDBValue) => Cell): CellReader {
  return (vector, count, into) => {
    for (let row = 0; row < count; row++) into.push(convert(vector.getItem(row) as DuckDBValue))
  }
}

const ENDLESS = 0x7fffffff

/** A driver's value as a cell; see `Cell` for what each type becomes. */
export function cellOf(value: DuckDBValue): Cell {
  if (value === null || typeof value === 'boolean' || typeof value === 'number' || typeof value === 'string')
    return value
  if (typeof value === 'bigint') return integerCell(value)
  if (value instanceof DuckDBDecimalValue) return { kind: 'decimal', text: value.toString() }
  if (value instanceof DuckDBTimestampTZValue) return instantCell(value)
  // The driver prints those without an end as days far away.
  if (value instanceof DuckDBDateValue && Math.abs(value.days) === ENDLESS)
    return value.days > 0 ? 'infinity' : '-infinity'
  if ('items' in value) return listCell(value.items)
  if ('bytes' in value) return Uint8Array.from(value.bytes)
  if ('entries' in value) return recordCell(value.entries)
  // A union or a variant is what it holds at the moment.
  if ('value' in value && !('micros' in value)) return cellOf(value.value as DuckDBValue)
  return value.toString()
}

/** A moment, in UTC whatever zone the session or this process is in: one text for one moment. */
function instantCell(value: DuckDBValue): Cell {
  if (!(value instanceof DuckDBTimestampTZValue)) return cellOf(value)
  const text = timestampText(new DuckDBTimestampValue(value.micros))
  return /\d$/.test(text) ? `${text}+00:00` : text
}

function integerCell(value: bigint): number | bigint {
  const number = Number(value)
  return Number.isSafeInteger(number) ? number : value
}

function listCell(items: readonly DuckDBValue[]): CellList {
  return { kind: 'list', items: items.map(cellOf) }
}

function recordCell(
  entries: readonly { key: DuckDBValue; value: DuckDBValue }[] | Readonly<Record<string, DuckDBValue>>,
): CellRecord {
  if (Array.isArray(entries)) {
    return {
      kind: 'record',
      entries: (entries as readonly { key: DuckDBValue; value: DuckDBValue }[]).map(({ key, value }) => [
        typeof key === 'string' ? key : String(key),
        cellOf(value),
      ]),
    }
  }
  return { kind: 'record', entries: Object.entries(entries).map(([key, value]) => [key, cellOf(value as DuckDBValue)]) }
}

/** `2024-01-31 12:30:00[.123456]`; the driver's own printing costs five times as much. */
function timestampText(value: DuckDBTimestampValue): string {
  const micros = Number(value.micros)
  // Exact from 1684 to 2255; beyond, and for infinity, the driver's way.
  if (!Number.isSafeInteger(micros)) return value.toString().replace(/^0000(-\d\d-\d\d)/, '0001$1 (BC)')
  const millis = Math.floor(micros / 1000)
  const iso = new Date(millis).toISOString()
  const seconds = `${iso.slice(0, 10)} ${iso.slice(11, 19)}`
  const fraction = micros - Math.floor(micros / 1_000_000) * 1_000_000
  return fraction === 0 ? seconds : `${seconds}.${String(fraction).padStart(6, '0').replace(/0+$/, '')}`
}

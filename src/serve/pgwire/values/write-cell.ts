import type { ByteWriter } from '../protocol/byte-writer.js'
import type { Cell } from './cell.js'
import { floatText, writeNumeric } from './numbers.js'
import { isTextual, OID, type PgType, pgType } from './pg-types.js'
import { type TimeZone, UTC, zonedText } from './time-zone.js'
import {
  EPOCH_DAYS,
  EPOCH_MICROS,
  intervalText,
  readClock,
  readDate,
  readInterval,
  readOffset,
  readTimestamp,
} from './times.js'

/** A cell as PostgreSQL prints a value of the type; null stays null. */
export function cellText(cell: Cell, type: PgType, zone: TimeZone = UTC): string | null {
  if (cell === null) return null
  if (type.oid === OID.timestamptz && !zone.isUtc) {
    const micros = cell instanceof Date ? BigInt(cell.getTime()) * 1000n : readTimestamp(String(cell))
    if (micros !== null) return zonedText(micros, zone)
  }
  if (typeof cell === 'string') {
    if (type.oid === OID.interval) return intervalText(readInterval(cell))
    const isTime = type.oid === OID.date || type.oid === OID.timestamp || type.oid === OID.timestamptz
    return isTime ? timeText(cell) : cell
  }
  if (typeof cell === 'boolean') return cell ? 't' : 'f'
  if (typeof cell === 'number') {
    return Number.isInteger(cell) && type.oid !== OID.float8 ? String(cell) : floatText(cell, type.oid === OID.float4)
  }
  if (typeof cell === 'bigint') return cell.toString()
  if (cell instanceof Uint8Array) return '\\x' + Buffer.from(cell).toString('hex')
  if (cell instanceof Date) return cell.toISOString().replace('T', ' ').replace('Z', '+00')
  if (cell.kind === 'decimal') return cell.text
  if (cell.kind === 'list' && type.element !== null) return arrayText(cell.items, type.element, zone)
  return JSON.stringify(jsonOf(cell))
}

/** Times as warehouses print them: PostgreSQL has no minutes in whole hours from UTC, and writes the era last. */
function timeText(text: string): string {
  return text.replace(/ ?([+-]\d\d):00$/, '$1').replace(/ \(BC\)(.*)$/, '$1 BC')
}

function arrayText(items: readonly Cell[], element: number, zone: TimeZone): string {
  const type = pgType(element)
  const parts = items.map((item) => {
    if (item === null) return 'NULL'
    if (isList(item)) return arrayText(item.items, element, zone)
    const text = cellText(item, type, zone) ?? 'NULL'
    return /^$|[{}",\\\s]|^null$/i.test(text) ? `"${text.replace(/(["\\])/g, '\\$1')}"` : text
  })
  return `{${parts.join(',')}}`
}

/** As JSON has it: what has no type on the wire is shown so. */
function jsonOf(cell: Cell): unknown {
  if (cell === null || typeof cell === 'string' || typeof cell === 'boolean' || typeof cell === 'number') return cell
  if (typeof cell === 'bigint') return Number.isSafeInteger(Number(cell)) ? Number(cell) : cell.toString()
  if (cell instanceof Uint8Array) return Buffer.from(cell).toString('hex')
  if (cell instanceof Date) return cell.toISOString()
  if (cell.kind === 'decimal') return Number(cell.text)
  if (cell.kind === 'list') return cell.items.map(jsonOf)
  return Object.fromEntries(cell.entries.map(([name, value]) => [name, jsonOf(value)]))
}

function isList(cell: Cell): cell is Extract<Cell, { kind: 'list' }> {
  return typeof cell === 'object' && cell !== null && 'kind' in cell && cell.kind === 'list'
}

/** Writes a value with its length in front, in the type's binary form; -1 for null. */
export function writeBinaryCell(out: ByteWriter, cell: Cell, type: PgType): void {
  if (cell === null) {
    out.int32(-1)
    return
  }
  const at = out.reserve(4)
  out.length += 4
  writeBinary(out, cell, type)
  out.putInt32(at, out.length - at - 4)
}

function writeBinary(out: ByteWriter, cell: Exclude<Cell, null>, type: PgType): void {
  if (type.element !== null && isList(cell)) {
    writeArray(out, cell.items, type.element)
    return
  }
  if (cell instanceof Uint8Array && !isTextual(type.oid)) {
    out.bytes(cell)
    return
  }
  const text = cellText(cell, type) ?? ''
  const write = BINARY[type.oid]
  if (write === undefined) out.text(text)
  else write(out, text)
}

/** From the printed form to the binary one, by type; the types that are not here are the same in both. */
const BINARY: Readonly<Record<number, (out: ByteWriter, text: string) => void>> = {
  [OID.bool]: (out, text) => out.byte(text === 't' || text === 'true' ? 1 : 0),
  [OID.int2]: (out, text) => out.int16(Number(text)),
  [OID.int4]: (out, text) => out.int32(Number(text)),
  [OID.oid]: (out, text) => out.int32(Number(text)),
  [OID.int8]: (out, text) => writeInt64(out, BigInt(text)),
  [OID.float4]: (out, text) => {
    const at = out.reserve(4)
    out.buffer.writeFloatBE(Number(text), at)
    out.length += 4
  },
  [OID.float8]: (out, text) => {
    const at = out.reserve(8)
    out.buffer.writeDoubleBE(Number(text), at)
    out.length += 8
  },
  [OID.numeric]: writeNumeric,
  [OID.uuid]: (out, text) => out.bytes(Buffer.from(text.replaceAll('-', ''), 'hex')),
  [OID.bytea]: (out, text) => out.bytes(Buffer.from(text.replace(/^\\x/, ''), 'hex')),
  [OID.date]: (out, text) => out.int32(ENDLESS_DAYS[text] ?? (readDate(text) ?? 0) - EPOCH_DAYS),
  [OID.time]: (out, text) => writeInt64(out, BigInt(readClock(text) ?? 0)),
  [OID.timetz]: (out, text) => {
    writeInt64(out, BigInt(readClock(text) ?? 0))
    out.int32(-readOffset(text))
  },
  [OID.timestamp]: writeTimestamp,
  [OID.timestamptz]: writeTimestamp,
  [OID.interval]: (out, text) => {
    const { months, days, micros } = readInterval(text)
    writeInt64(out, micros)
    out.int32(days)
    out.int32(months)
  },
  [OID.jsonb]: (out, text) => {
    out.byte(1)
    out.text(text)
  },
  [OID.varbit]: (out, text) => {
    out.int32(text.length)
    for (let i = 0; i < text.length; i += 8) out.byte(Number.parseInt(text.slice(i, i + 8).padEnd(8, '0'), 2))
  },
}

/** The first and the last number mean times without an end. */
const ENDLESS_DAYS: Readonly<Record<string, number>> = { infinity: 0x7fffffff, '-infinity': -0x80000000 }
const ENDLESS_MICROS: Readonly<Record<string, bigint>> = {
  infinity: 0x7fffffffffffffffn,
  '-infinity': -0x8000000000000000n,
}

function writeTimestamp(out: ByteWriter, text: string): void {
  writeInt64(out, ENDLESS_MICROS[text] ?? (readTimestamp(text) ?? 0n) - EPOCH_MICROS)
}

export function writeInt64(out: ByteWriter, value: bigint): void {
  const at = out.reserve(8)
  out.buffer.writeBigInt64BE(BigInt.asIntN(64, value), at)
  out.length += 8
}

function writeArray(out: ByteWriter, items: readonly Cell[], element: number): void {
  const sizes = dimensions(items)
  const flat = flatten(items, sizes.length)
  out.int32(sizes.length)
  out.int32(flat.includes(null) ? 1 : 0)
  out.int32(element)
  for (const size of sizes) {
    out.int32(size)
    out.int32(1)
  }
  const type = pgType(element)
  for (const item of flat) writeBinaryCell(out, item, type)
}

function dimensions(items: readonly Cell[]): number[] {
  if (items.length === 0) return []
  const [first] = items
  return first !== undefined && isList(first) ? [items.length, ...dimensions(first.items)] : [items.length]
}

function flatten(items: readonly Cell[], depth: number): readonly Cell[] {
  return depth <= 1 ? items : items.flatMap((item) => (isList(item) ? flatten(item.items, depth - 1) : [null]))
}

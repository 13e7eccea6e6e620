import { decodeText } from '../protocol/frontend.js'
import { refuse, SQLSTATE } from '../protocol/wire-error.js'
import { readNumeric } from './numbers.js'
import { OID, pgType } from './pg-types.js'
import { dateText, EPOCH_DAYS, EPOCH_MICROS, intervalText, timestampText } from './times.js'

/** A value of a statement's parameter: its printed form, and its type (0 when nobody said). */
export interface Parameter {
  readonly text: string | null
  readonly oid: number
}

/** @throws WireError `22P03` when the bytes are no value of the type, `22021` when they are no text. */
export function readParameter(bytes: Buffer | null, oid: number, format: number): Parameter {
  if (bytes === null) return { text: null, oid }
  if (format === 0) return { text: decodeText(bytes), oid }
  try {
    return { text: readBinary(bytes, oid), oid }
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    return refuse(SQLSTATE.invalidBinaryRepresentation, `incorrect binary data format for a parameter of type ${oid}`)
  }
}

const READERS: Readonly<Record<number, { readonly size: number; readonly read: (bytes: Buffer) => string }>> = {
  [OID.bool]: { size: 1, read: (bytes) => (bytes[0] === 0 ? 'f' : 't') },
  [OID.int2]: { size: 2, read: (bytes) => String(bytes.readInt16BE()) },
  [OID.int4]: { size: 4, read: (bytes) => String(bytes.readInt32BE()) },
  [OID.oid]: { size: 4, read: (bytes) => String(bytes.readUInt32BE()) },
  [OID.int8]: { size: 8, read: (bytes) => bytes.readBigInt64BE().toString() },
  [OID.float4]: { size: 4, read: (bytes) => String(bytes.readFloatBE()) },
  [OID.float8]: { size: 8, read: (bytes) => String(bytes.readDoubleBE()) },
  [OID.numeric]: { size: -1, read: readNumeric },
  [OID.date]: { size: 4, read: (bytes) => dateText(bytes.readInt32BE() + EPOCH_DAYS) },
  [OID.time]: { size: 8, read: (bytes) => timestampText(bytes.readBigInt64BE(), false).slice(11) },
  [OID.timestamp]: { size: 8, read: (bytes) => timestampText(bytes.readBigInt64BE() + EPOCH_MICROS, false) },
  [OID.timestamptz]: { size: 8, read: (bytes) => timestampText(bytes.readBigInt64BE() + EPOCH_MICROS, true) },
  [OID.interval]: {
    size: 16,
    read: (bytes) =>
      intervalText({ micros: bytes.readBigInt64BE(), days: bytes.readInt32BE(8), months: bytes.readInt32BE(12) }),
  },
  [OID.uuid]: {
    size: 16,
    read: (bytes) => bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-'),
  },
  [OID.bytea]: { size: -1, read: (bytes) => '\\x' + bytes.toString('hex') },
  [OID.jsonb]: { size: -1, read: (bytes) => decodeText(bytes.subarray(1)) },
}

function readBinary(bytes: Buffer, oid: number): string {
  const { element } = pgType(oid)
  if (element !== null) return readArray(bytes, element)
  const reader = READERS[oid]
  if (reader === undefined) return decodeText(bytes)
  if (reader.size >= 0 && bytes.length !== reader.size) throw new RangeError('length')
  return reader.read(bytes)
}

/** One-dimensional arrays, as `{a,b}`. */
function readArray(bytes: Buffer, element: number): string {
  const dimensions = bytes.readInt32BE(0)
  if (dimensions === 0) return '{}'
  if (dimensions !== 1) throw new RangeError('dimensions')
  const count = bytes.readInt32BE(12)
  const parts: string[] = []
  let at = 20
  for (let i = 0; i < count; i++) {
    const length = bytes.readInt32BE(at)
    at += 4
    if (length < 0) {
      parts.push('NULL')
      continue
    }
    if (at + length > bytes.length) throw new RangeError('length')
    const text = readBinary(bytes.subarray(at, at + length), element)
    parts.push(`"${text.replace(/(["\\])/g, '\\$1')}"`)
    at += length
  }
  return `{${parts.join(',')}}`
}

/** The elements of an array's text `{a,"b c",NULL}`. */
export function readArrayText(text: string): (string | null)[] {
  const inner = /^\s*\{([\s\S]*)\}\s*$/.exec(text)?.[1]
  if (inner === undefined) return refuse(SQLSTATE.invalidTextRepresentation, `malformed array literal: "${text}"`)
  if (inner.trim() === '') return []
  const items: (string | null)[] = []
  const pattern = /\s*(?:"((?:[^"\\]|\\[\s\S])*)"|((?:[^,"{}\\]|\\[\s\S])*))\s*(,|$)/y
  while (pattern.lastIndex <= inner.length) {
    const match = pattern.exec(inner)
    if (match === null) return refuse(SQLSTATE.invalidTextRepresentation, `malformed array literal: "${text}"`)
    const bare = match[2]?.trim()
    items.push(match[1] === undefined ? (/^null$/i.test(bare!) ? null : bare!) : match[1].replace(/\\([\s\S])/g, '$1'))
    if (match[3] === '') break
  }
  return items
}

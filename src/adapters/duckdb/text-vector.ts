import { isAscii } from 'node:buffer'
import { DuckDBBlobVector, type DuckDBVector } from '@duckdb/node-api'
import type { Cell } from '../adapter.js'

/** What the driver's vectors of text hold: 16 bytes a value, short ones within, long ones by their address. */
interface TextVector {
  readonly dataView: DataView
  readonly validity: { itemValid(row: number): boolean }
}

const INLINE = 12
/**
 * Texts that lie closer than this in memory are fetched together. Between two of them there can be no whole page, so
 * every byte between is on a page that holds one of them, and may be read.
 */
const NEAR = 1024
const LONGEST_RUN = 1 << 20

const EVERY_ITEM = { itemValid: () => true }

/**
 * Reads the texts of a vector. The driver makes one call into the database and one decoding for each long text; here
 * neighbours are fetched at once, and cut apart as text where they are ASCII.
 */
export function readTexts(vector: DuckDBVector, count: number, values: Cell[]): void {
  const { dataView, validity } = vector as unknown as TextVector
  const rows: number[] = []
  const addresses: number[] = []
  let ordered = true
  for (let row = 0; row < count; row++) {
    if (!validity.itemValid(row)) {
      values[row] = null
      continue
    }
    const at = row * 16
    const length = dataView.getUint32(at, true)
    if (length <= INLINE) {
      values[row] = shortText(dataView, at + 4, length) ?? (vector.getItem(row) as string)
      continue
    }
    const address = dataView.getUint32(at + 8, true) + dataView.getUint32(at + 12, true) * 4_294_967_296
    if (ordered && addresses.length > 0 && address < addresses.at(-1)!) ordered = false
    rows.push(row)
    addresses.push(address)
    values[row] = null
  }
  const order = rows.map((_, index) => index)
  if (!ordered) order.sort((a, b) => addresses[a]! - addresses[b]!)
  const lengthOf = (index: number): number => dataView.getUint32(rows[index]! * 16, true)
  let from = 0
  while (from < order.length) {
    const start = addresses[order[from]!]!
    let end = start + lengthOf(order[from]!)
    let to = from + 1
    while (to < order.length) {
      const next = order[to]!
      const nextEnd = addresses[next]! + lengthOf(next)
      if (addresses[next]! - end > NEAR || nextEnd - start > LONGEST_RUN) break
      if (nextEnd > end) end = nextEnd
      to++
    }
    const bytes = fetchBytes(start, end - start)
    const text = isAscii(bytes) ? bytes.latin1Slice() : undefined
    for (; from < to; from++) {
      const index = order[from]!
      const offset = addresses[index]! - start
      const last = offset + lengthOf(index)
      values[rows[index]!] = text === undefined ? bytes.toString('utf8', offset, last) : text.substring(offset, last)
    }
  }
}

/** ASCII of a few letters; undefined when there is another letter among them. */
function shortText(view: DataView, at: number, length: number): string | undefined {
  let text = ''
  for (let i = 0; i < length; i++) {
    const code = view.getUint8(at + i)
    if (code > 127) return undefined
    text += String.fromCharCode(code)
  }
  return text
}

/** The bytes at an address, by way of a blob that is said to be there. */
function fetchBytes(address: number, length: number): Buffer & { latin1Slice(): string } {
  const entry = new DataView(new ArrayBuffer(16))
  entry.setUint32(0, length, true)
  entry.setUint32(8, address % 4_294_967_296, true)
  entry.setUint32(12, Math.floor(address / 4_294_967_296), true)
  const Vector = DuckDBBlobVector as unknown as new (
    view: DataView,
    validity: typeof EVERY_ITEM,
    vector: null,
    offset: number,
    count: number,
  ) => { getItem(row: number): { readonly bytes: Uint8Array } }
  const { bytes } = new Vector(entry, EVERY_ITEM, null, 0, 1).getItem(0)
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength) as Buffer & { latin1Slice(): string }
}

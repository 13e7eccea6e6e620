import { bytesAt } from './chunk-column.js'

/** Texts behind one another; that of row r is `values` from `offsets[r]` to before `offsets[r + 1]`. */
export interface Texts {
  readonly values: Uint8Array
  readonly offsets: Int32Array
}

const INLINE = 12
/**
 * Texts that lie closer than this in memory are fetched together. Between two of them there can be no whole page, so
 * every byte between is on a page that holds one of them, and may be read.
 */
const NEAR = 1024
const LONGEST_RUN = 1 << 20
/** Up to here a loop is faster than a call that copies. */
const LOOP = 64
/** A batch with more text is beyond what one buffer should hold. */
const MOST = 1 << 30

/**
 * Copies the texts of a vector as the bytes they are: 16 bytes a value, short ones within, long ones by their address.
 * Neighbours are fetched at once. Answers undefined when they are too much for one buffer.
 */
export function readTexts(memory: Uint8Array, count: number, nulls: Uint8Array | null): Texts | undefined {
  const words = new Int32Array(memory.buffer, memory.byteOffset, count * 4)
  const offsets = new Int32Array(count + 1)
  let long = 0
  let total = 0
  for (let row = 0; row < count; row++) {
    offsets[row] = total
    if (nulls !== null && nulls[row] === 1) continue
    const length = words[row * 4]! >>> 0
    if (length > INLINE) long++
    total += length
    if (total > MOST) return undefined
  }
  offsets[count] = total
  // Short texts are copied whole, with what follows them, which the next one covers.
  const room = new Uint8Array(total + INLINE)
  const target = new DataView(room.buffer)
  const rows = new Int32Array(long)
  const addresses = new Float64Array(long)
  let seen = 0
  for (let row = 0; row < count; row++) {
    const to = offsets[row]!
    const length = offsets[row + 1]! - to
    const at = row * 4
    if (length > INLINE) {
      rows[seen] = row
      addresses[seen++] = (words[at + 2]! >>> 0) + (words[at + 3]! >>> 0) * UPPER
    } else if (length > 0) {
      target.setInt32(to, words[at + 1]!, true)
      if (length > 4) target.setInt32(to + 4, words[at + 2]!, true)
      if (length > 8) target.setInt32(to + 8, words[at + 3]!, true)
    }
  }
  const values = room.subarray(0, total)
  if (long > 0) copyLong(values, target, offsets, rows, addresses)
  return { values, offsets }
}

const UPPER = 4_294_967_296

function copyLong(
  values: Uint8Array,
  target: DataView,
  offsets: Int32Array,
  rows: Int32Array,
  addresses: Float64Array,
): void {
  const order = orderOf(addresses)
  const count = rows.length
  let from = 0
  while (from < count) {
    const first = order === null ? from : order[from]!
    const start = addresses[first]!
    let end = start + lengthOf(offsets, rows[first]!)
    let to = from + 1
    while (to < count) {
      const next = order === null ? to : order[to]!
      const address = addresses[next]!
      const nextEnd = address + lengthOf(offsets, rows[next]!)
      if (address < start || address - end > NEAR || nextEnd - start > LONGEST_RUN) break
      if (nextEnd > end) end = nextEnd
      to++
    }
    const bytes = bytesAt(start, end - start)
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    while (from < to) {
      // What lies behind one another in both places is copied at once.
      const index = order === null ? from : order[from]!
      const place = offsets[rows[index]!]!
      const source = addresses[index]! - start
      let length = lengthOf(offsets, rows[index]!)
      for (from++; from < to; from++) {
        const next = order === null ? from : order[from]!
        if (offsets[rows[next]!] !== place + length || addresses[next]! - start !== source + length) break
        length += lengthOf(offsets, rows[next]!)
      }
      if (length > LOOP) values.set(bytes.subarray(source, source + length), place)
      else {
        // In words, the last of which lies over the one before.
        const last = length - 4
        for (let i = 0; i < last; i += 4) target.setInt32(place + i, view.getInt32(source + i))
        target.setInt32(place + last, view.getInt32(source + last))
      }
    }
  }
}

/** The order of addresses, where following them as they come would take too many calls; else null. */
function orderOf(addresses: Float64Array): Int32Array | null {
  let leaps = 0
  for (let at = 1; at < addresses.length; at++) {
    const step = addresses[at]! - addresses[at - 1]!
    if (step < 0 || step > NEAR) leaps++
  }
  if (leaps * 16 <= addresses.length) return null
  return Int32Array.from(addresses.keys()).sort((a, b) => addresses[a]! - addresses[b]!)
}

function lengthOf(offsets: Int32Array, row: number): number {
  return offsets[row + 1]! - offsets[row]!
}

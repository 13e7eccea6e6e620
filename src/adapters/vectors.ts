import type { Cell, ResultColumn } from './adapter.js'

/**
 * Values of one column in a batch, typed where the warehouse's type allows it: no object is made for a cell.
 * `nulls[r]` is 1 where row r has no value; null when every row has one.
 */
export type ColumnVector =
  | { readonly kind: 'boolean'; readonly values: Uint8Array; readonly nulls: Uint8Array | null }
  | { readonly kind: 'int32'; readonly values: Int32Array; readonly nulls: Uint8Array | null }
  | { readonly kind: 'int64'; readonly values: BigInt64Array; readonly nulls: Uint8Array | null }
  | { readonly kind: 'float64'; readonly values: Float64Array; readonly nulls: Uint8Array | null }
  /** Days since 1970-01-01. */
  | { readonly kind: 'date'; readonly values: Int32Array; readonly nulls: Uint8Array | null }
  /** Microseconds since 1970-01-01, of the wall clock or (with `zone`) in UTC. */
  | {
      readonly kind: 'timestamp'
      readonly zone: boolean
      readonly values: BigInt64Array
      readonly nulls: Uint8Array | null
    }
  /** Decimals by their digits without the point, which stands before the last `scale` of them. */
  | {
      readonly kind: 'decimal'
      readonly scale: number
      readonly values: BigInt64Array
      readonly nulls: Uint8Array | null
    }
  /** Texts behind one another, in UTF-8: that of row r is `values` from `offsets[r]` to before `offsets[r + 1]`. */
  | {
      readonly kind: 'text'
      readonly values: Uint8Array
      readonly offsets: Int32Array
      readonly nulls: Uint8Array | null
    }
  /** Lists, records and whatever else: cells as adapters give them, null where there is no value. */
  | { readonly kind: 'cells'; readonly values: readonly Cell[] }

/** The text of a row that has one. */
export function textAt({ values, offsets }: Extract<ColumnVector, { kind: 'text' }>, row: number): string {
  const from = offsets[row]!
  const to = offsets[row + 1]!
  if (to - from > SHORT) return bufferOf(values).toString('utf8', from, to)
  // A call into the runtime costs more than a few letters do.
  let text = ''
  for (let at = from; at < to; at++) {
    const code = values[at]!
    if (code > 127) return bufferOf(values).toString('utf8', from, to)
    text += String.fromCharCode(code)
  }
  return text
}

const SHORT = 12

function bufferOf(bytes: Uint8Array): Buffer {
  return bytes instanceof Buffer ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}

/** The digits of a row that has some, with their point: `-12.50`. */
export function decimalAt({ values, scale }: Extract<ColumnVector, { kind: 'decimal' }>, row: number): string {
  const value = values[row]!
  if (scale === 0) return value.toString()
  const digits = (value < 0n ? -value : value).toString().padStart(scale + 1, '0')
  return `${value < 0n ? '-' : ''}${digits.slice(0, -scale)}.${digits.slice(-scale)}`
}

export interface VectorBatch {
  readonly rowCount: number
  readonly columns: readonly ColumnVector[]
}

/** Rows that are fetched as they are read: who reads slowly slows the warehouse, and nothing piles up in between. */
export interface RowStream {
  readonly columns: readonly ResultColumn[]
  /** The next rows, or null behind the last. @throws PlumbError kind `database`, also when the signal was aborted. */
  next(): Promise<VectorBatch | null>
  /** Stops what still runs. The connection can be used again after that. */
  close(): Promise<void>
}

export interface StreamOptions {
  readonly bindings?: readonly unknown[] | undefined
  /** Aborted: the statement is stopped in the warehouse. */
  readonly signal?: AbortSignal | undefined
}

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
  /** Text, decimals, lists and whatever else: cells as adapters give them, null where there is no value. */
  | { readonly kind: 'cells'; readonly values: readonly Cell[] }

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

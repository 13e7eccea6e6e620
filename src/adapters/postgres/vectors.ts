import type { Cell } from '../adapter.js'
import type { ColumnVector } from '../vectors.js'
import { typeRules } from './types.js'

/** Gathers the text of one column's values and gives them as a typed vector. */
export interface VectorBuilder {
  push(text: string | null): void
  /** The vector of what was pushed since the last time. */
  take(): ColumnVector
}

const INT_TYPES: ReadonlySet<number> = new Set([21, 23])

/** The builder for a type, by its number in pg_type. */
export function vectorBuilder(oid: number): VectorBuilder {
  switch (oid) {
    case 16:
      return fixed(
        (text) => (text === 't' ? 1 : 0),
        Uint8Array,
        (values, nulls) => ({ kind: 'boolean', values, nulls }),
      )
    case 20:
      return fixed(BigInt, BigInt64Array, (values, nulls) => ({ kind: 'int64', values, nulls }), 0n)
    case 700:
    case 701:
      return fixed(Number, Float64Array, (values, nulls) => ({ kind: 'float64', values, nulls }))
  }
  if (INT_TYPES.has(oid)) return fixed(Number, Int32Array, (values, nulls) => ({ kind: 'int32', values, nulls }))
  if (oid === 1082) return orCells(oid, dayNumber, Int32Array, (values, nulls) => ({ kind: 'date', values, nulls }), 0)
  if (oid === 1114 || oid === 1184) {
    const zone = oid === 1184
    const make = (values: BigInt64Array<ArrayBuffer>, nulls: Uint8Array | null): ColumnVector => ({
      kind: 'timestamp',
      zone,
      values,
      nulls,
    })
    return orCells(oid, microseconds, BigInt64Array, make, 0n)
  }
  return cells(oid)
}

function cells(oid: number): VectorBuilder {
  const { read } = typeRules(oid)
  let values: Cell[] = []
  return {
    push: (text) => values.push(text === null ? null : read(text)),
    take() {
      const taken = values
      values = []
      return { kind: 'cells', values: taken }
    },
  }
}

interface TypedArrayOf<V, A> {
  from(values: readonly V[]): A
}

function fixed<V, A>(
  read: (text: string) => V,
  array: TypedArrayOf<V, A>,
  make: (values: A, nulls: Uint8Array | null) => ColumnVector,
  zero: V = 0 as V,
): VectorBuilder {
  let values: V[] = []
  let missing: number[] = []
  return {
    push(text) {
      if (text === null) missing.push(values.length)
      values.push(text === null ? zero : read(text))
    },
    take() {
      const nulls = missing.length === 0 ? null : new Uint8Array(values.length)
      if (nulls !== null) for (const at of missing) nulls[at] = 1
      const vector = make(array.from(values), nulls)
      values = []
      missing = []
      return vector
    },
  }
}

/**
 * As `fixed`, for types with values that no number stands for (`infinity`, years before Christ): a batch that has one
 * comes as cells.
 */
function orCells<V, A>(
  oid: number,
  read: (text: string) => V | null,
  array: TypedArrayOf<V, A>,
  make: (values: A, nulls: Uint8Array | null) => ColumnVector,
  zero: V,
): VectorBuilder {
  let texts: (string | null)[] = []
  return {
    push: (text) => texts.push(text),
    take() {
      const taken = texts
      texts = []
      const typed = fixed<V, A>((text) => read(text) ?? zero, array, make, zero)
      for (const text of taken) {
        if (text !== null && read(text) === null) {
          const plain = cells(oid)
          for (const each of taken) plain.push(each)
          return plain.take()
        }
        typed.push(text)
      }
      return typed.take()
    },
  }
}

function dayNumber(text: string): number | null {
  const match = /^(\d{4})-(\d\d)-(\d\d)$/.exec(text)
  return match === null ? null : Date.UTC(+match[1]!, +match[2]! - 1, +match[3]!) / 86_400_000
}

function microseconds(text: string): bigint | null {
  const match = /^(\d{4})-(\d\d)-(\d\d) (\d\d):(\d\d):(\d\d)(?:\.(\d+))?(?:([+-])(\d\d)(?::(\d\d))?)?$/.exec(text)
  if (match === null) return null
  const [, year, month, day, hour, minute, second, fraction = '', sign, zoneHours, zoneMinutes] = match
  const offset = sign === undefined ? 0 : (+zoneHours! * 60 + +(zoneMinutes ?? 0)) * (sign === '-' ? -1 : 1)
  const millis = Date.UTC(+year!, +month! - 1, +day!, +hour!, +minute!, +second!) - offset * 60_000
  return BigInt(millis) * 1000n + BigInt(fraction.padEnd(6, '0'))
}

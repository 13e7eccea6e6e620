import type { AnswerVector } from '../../../query/index.js'
import type { PutCell } from './cell.js'
import { OID, type PgType } from './pg-types.js'
import { EPOCH_DAYS, EPOCH_MICROS } from './times.js'

type Typed = Exclude<AnswerVector, { kind: 'cells' | 'text' }>

/** Columns whose binary form is of one size; null for others. */
export function binaryWriter(vector: Typed, type: PgType): PutCell | null {
  const { nulls } = vector
  switch (vector.kind) {
    case 'boolean': {
      const { values } = vector
      if (type.oid !== OID.bool) return null
      return fixed(nulls, 1, (view, at, row) => view.setUint8(at, values[row] === 0 ? 0 : 1))
    }
    case 'int32': {
      const { values } = vector
      if (type.oid === OID.int2) return fixed(nulls, 2, (view, at, row) => view.setInt16(at, values[row]!))
      if (type.oid === OID.int4) return fixed(nulls, 4, (view, at, row) => view.setInt32(at, values[row]!))
      return null
    }
    case 'int64': {
      const { values } = vector
      if (type.oid !== OID.int8) return null
      return fixed(nulls, 8, (view, at, row) => view.setBigInt64(at, values[row]!))
    }
    case 'float64': {
      const { values } = vector
      if (type.oid === OID.float4) return fixed(nulls, 4, (view, at, row) => view.setFloat32(at, values[row]!))
      if (type.oid === OID.float8) return fixed(nulls, 8, (view, at, row) => view.setFloat64(at, values[row]!))
      return null
    }
    case 'date': {
      const { values } = vector
      if (type.oid !== OID.date) return null
      return fixed(nulls, 4, (view, at, row) => view.setInt32(at, values[row]! - EPOCH_DAYS))
    }
    case 'timestamp': {
      const { values } = vector
      if (type.oid !== OID.timestamp && type.oid !== OID.timestamptz) return null
      return fixed(nulls, 8, (view, at, row) => view.setBigInt64(at, values[row]! - EPOCH_MICROS))
    }
    case 'decimal':
      return null
  }
}

function fixed(
  nulls: Uint8Array | null,
  size: number,
  put: (view: DataView, at: number, row: number) => void,
): PutCell {
  return (view, at, row) => {
    if (nulls !== null && nulls[row] === 1) {
      view.setInt32(at, -1)
      return at + 4
    }
    view.setInt32(at, size)
    put(view, at + 4, row)
    return at + 4 + size
  }
}

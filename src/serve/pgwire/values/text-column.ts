import type { AnswerVector } from '../../../query/index.js'
import type { PutCell } from './cell.js'
import {
  floatPutter,
  MOST_PLACES,
  putAscii,
  putDate,
  putDecimal,
  putInteger,
  putSingle,
  timestampPutter,
} from './digits.js'
import { OID, type PgType } from './pg-types.js'
import { offsetText, type TimeZone, zonedText } from './time-zone.js'
import { timestampText } from './times.js'

type Typed = Exclude<AnswerVector, { kind: 'cells' | 'text' }>

/** Writes the length in front of a value that ended here. */
function ended(view: DataView, at: number, end: number): number {
  view.setInt32(at, end - at - 4)
  return end
}

function noValue(view: DataView, at: number): number {
  view.setInt32(at, -1)
  return at + 4
}

/** Numbers of 64 bits are exact as doubles when their upper half is between these. */
const LOWEST = -0x200000
const HIGHEST = 0x200000
const UPPER = 4_294_967_296

function halvesOf(values: BigInt64Array): Int32Array {
  return new Int32Array(values.buffer, values.byteOffset, values.length * 2)
}

/** Columns of typed values in PostgreSQL's text form; null for those that are better printed one by one. */
export function textWriter(vector: Typed, type: PgType, zone: TimeZone): PutCell | null {
  switch (vector.kind) {
    case 'boolean':
      return booleans(vector)
    case 'int32':
      return integers(vector)
    case 'int64':
      return wideIntegers(vector)
    case 'decimal':
      return vector.scale > MOST_PLACES ? null : decimals(vector)
    case 'float64':
      return type.oid === OID.float4 ? singles(vector) : doubles(vector)
    case 'date':
      return dates(vector)
    case 'timestamp':
      return vector.zone && !zone.isUtc ? zonedTimestamps(vector, zone) : timestamps(vector)
  }
}

type Of<K extends Typed['kind']> = Extract<Typed, { kind: K }>

const TRUE = 116
const FALSE = 102

function booleans({ values, nulls }: Of<'boolean'>): PutCell {
  return (view, at, row) => {
    if (nulls !== null && nulls[row] === 1) return noValue(view, at)
    view.setInt32(at, 1)
    view.setUint8(at + 4, values[row] === 0 ? FALSE : TRUE)
    return at + 5
  }
}

function integers({ values, nulls }: Of<'int32'>): PutCell {
  return (view, at, row) => {
    if (nulls !== null && nulls[row] === 1) return noValue(view, at)
    return ended(view, at, putInteger(view, at + 4, values[row]!))
  }
}

function wideIntegers({ values, nulls }: Of<'int64'>): PutCell {
  const halves = halvesOf(values)
  return (view, at, row) => {
    if (nulls !== null && nulls[row] === 1) return noValue(view, at)
    const high = halves[row * 2 + 1]!
    if (high < LOWEST || high >= HIGHEST) return ended(view, at, putAscii(view, at + 4, values[row]!.toString()))
    return ended(view, at, putInteger(view, at + 4, high * UPPER + (halves[row * 2]! >>> 0)))
  }
}

function decimals({ values, scale, nulls }: Of<'decimal'>): PutCell {
  const halves = halvesOf(values)
  const power = 10n ** BigInt(scale)
  return (view, at, row) => {
    if (nulls !== null && nulls[row] === 1) return noValue(view, at)
    const high = halves[row * 2 + 1]!
    if (high >= LOWEST && high < HIGHEST) {
      return ended(view, at, putDecimal(view, at + 4, high * UPPER + (halves[row * 2]! >>> 0), scale))
    }
    const wide = values[row]!
    const size = wide < 0n ? -wide : wide
    const whole = putAscii(view, at + 4, `${wide < 0n ? '-' : ''}${size / power}`)
    const places = scale === 0 ? '' : `.${(size % power).toString().padStart(scale, '0')}`
    return ended(view, at, putAscii(view, whole, places))
  }
}

function doubles({ values, nulls }: Of<'float64'>): PutCell {
  const put = floatPutter()
  return (view, at, row) => {
    if (nulls !== null && nulls[row] === 1) return noValue(view, at)
    return ended(view, at, put(view, at + 4, values[row]!))
  }
}

function singles({ values, nulls }: Of<'float64'>): PutCell {
  return (view, at, row) => {
    if (nulls !== null && nulls[row] === 1) return noValue(view, at)
    return ended(view, at, putSingle(view, at + 4, values[row]!))
  }
}

function dates({ values, nulls }: Of<'date'>): PutCell {
  return (view, at, row) => {
    if (nulls !== null && nulls[row] === 1) return noValue(view, at)
    return ended(view, at, putDate(view, at + 4, values[row]!))
  }
}

function timestamps({ values, zone, nulls }: Of<'timestamp'>): PutCell {
  const halves = halvesOf(values)
  const put = timestampPutter(zone)
  return (view, at, row) => {
    if (nulls !== null && nulls[row] === 1) return noValue(view, at)
    const high = halves[row * 2 + 1]!
    if (high < LOWEST || high >= HIGHEST) {
      return ended(view, at, putAscii(view, at + 4, timestampText(values[row]!, zone)))
    }
    return ended(view, at, put(view, at + 4, high * UPPER + (halves[row * 2]! >>> 0)))
  }
}

/** Moments, as a clock elsewhere than in UTC shows them. */
function zonedTimestamps({ values, nulls }: Of<'timestamp'>, zone: TimeZone): PutCell {
  const put = timestampPutter(false)
  return (view, at, row) => {
    if (nulls !== null && nulls[row] === 1) return noValue(view, at)
    const micros = Number(values[row]!)
    const offset = zone.offsetAt(micros)
    const shown = micros + offset * 1e6
    // Beyond that doubles are not exact.
    if (Math.abs(shown) > EXACT) {
      return ended(view, at, putAscii(view, at + 4, zonedText(values[row]!, zone)))
    }
    return ended(view, at, putAscii(view, put(view, at + 4, shown), offsetText(offset)))
  }
}

/** Microseconds, about 285 years, that a double holds exactly, less some days. */
const EXACT = Number.MAX_SAFE_INTEGER - 1e12

/**
 * Numbers and times as text, written into room that is there: no string is made on the way, and digits go out four at
 * once. Each function writes at `at` and answers where it ended; up to {@link LONGEST} bytes from `at` are its own.
 */
import { floatText } from './numbers.js'
import { DAY_MICROS, dateText, timestampText } from './times.js'

/** Room that is enough for whatever is written here. */
export const LONGEST = 56

const ZERO = 48
const MINUS = 45
const POINT = 46
const COLON = 58

/** The words that stand for small numbers, the first letter lowest: as they are written with their low end first. */
function words(count: number, letters: (value: number) => string): Uint32Array {
  return Uint32Array.from({ length: count }, (_, value) =>
    [...letters(value)].reduce((word, letter, index) => word | (letter.charCodeAt(0) << (8 * index)), 0),
  )
}

const two = (value: number): string => String(value).padStart(2, '0')
const FOUR_DIGITS = words(10_000, (value) => String(value).padStart(4, '0'))
const TWO_DIGITS = words(100, two)
const MONTHS = words(100, (value) => `-${two(value)}-`)
const HOURS = words(100, (value) => ` ${two(value)}:`)
const MINUTES = words(100, (value) => `${two(value)}:`)
const UTC_WORD = words(1, () => '+00')[0]!

/** Whole, not negative, below 10,000. */
function putFew(view: DataView, at: number, value: number): number {
  const digits = value >= 100 ? (value >= 1000 ? 4 : 3) : value >= 10 ? 2 : 1
  view.setUint32(at, FOUR_DIGITS[value]! >>> (32 - 8 * digits), true)
  return at + digits
}

/** Whole, not negative, below 2^31. */
function putSmall(view: DataView, at: number, value: number): number {
  if (value < 10_000) return putFew(view, at, value)
  const upper = (value / 10_000) | 0
  const end = upper < 10_000 ? putFew(view, at, upper) : putTop(view, at, upper)
  view.setUint32(end, FOUR_DIGITS[value - upper * 10_000]!, true)
  return end + 4
}

function putTop(view: DataView, at: number, value: number): number {
  const upper = (value / 10_000) | 0
  const end = putFew(view, at, upper)
  view.setUint32(end, FOUR_DIGITS[value - upper * 10_000]!, true)
  return end + 4
}

const HUNDRED_MILLION = 100_000_000

/** A whole number that a double holds exactly, not negative. */
function putWhole(view: DataView, at: number, value: number): number {
  if (value < 0x80000000) return putSmall(view, at, value | 0)
  const high = Math.floor(value / HUNDRED_MILLION)
  const end = high < 0x80000000 ? putSmall(view, at, high | 0) : putWhole(view, at, high)
  const low = (value - high * HUNDRED_MILLION) | 0
  const upper = (low / 10_000) | 0
  view.setUint32(end, FOUR_DIGITS[upper]!, true)
  view.setUint32(end + 4, FOUR_DIGITS[low - upper * 10_000]!, true)
  return end + 8
}

/** A whole number of at most 2^53. */
export function putInteger(view: DataView, at: number, value: number): number {
  if (value >= 0) return putWhole(view, at, value)
  view.setUint8(at, MINUS)
  return putWhole(view, at + 1, -value)
}

/** Letters that are all ASCII. */
export function putAscii(view: DataView, at: number, text: string): number {
  for (let i = 0; i < text.length; i++) view.setUint8(at + i, text.charCodeAt(i))
  return at + text.length
}

const POWERS = [1, 10, 100, 1000, 1e4, 1e5, 1e6, 1e7, 1e8]

/** Scales that {@link putDecimal} can write. */
export const MOST_PLACES = POWERS.length - 1

/** A number with so many places behind its point, from its digits without one; below 2^53 and not negative. */
function putPlaces(view: DataView, at: number, digits: number, places: number): number {
  const power = POWERS[places]!
  const whole = digits < 0x80000000 ? ((digits | 0) / (power | 0)) | 0 : Math.floor(digits / power)
  const point = putWhole(view, at, whole)
  view.setUint8(point, POINT)
  // As eight places, of which the last are not wanted.
  const eight = ((digits - whole * power) * POWERS[MOST_PLACES - places]!) | 0
  const upper = (eight / 10_000) | 0
  view.setUint32(point + 1, FOUR_DIGITS[upper]!, true)
  if (places > 4) view.setUint32(point + 5, FOUR_DIGITS[eight - upper * 10_000]!, true)
  return point + 1 + places
}

/** A decimal from its digits without the point, of at most 2^53. */
export function putDecimal(view: DataView, at: number, digits: number, scale: number): number {
  if (scale === 0) return putInteger(view, at, digits)
  if (digits >= 0) return putPlaces(view, at, digits, scale)
  view.setUint8(at, MINUS)
  return putPlaces(view, at + 1, -digits, scale)
}

/** Places up to which a double below a billion has at most 15 digits. */
const FLOAT_PLACES = 6

/**
 * Writes a double that is not negative with at most so many places, if that says which it is; else -1. Of the numbers
 * with at most 15 digits only one reads back as a given double: it is the shortest when it does not end in zeros. The
 * quotient of two exact numbers is rounded once, so that it is what reading back gives.
 */
function putIfExact(view: DataView, at: number, size: number, places: number): number {
  let digits = Math.round(size * POWERS[places]!)
  if (digits / POWERS[places]! !== size) return -1
  let kept = places
  while (kept > 0) {
    const fewer = digits < 0x80000000 ? ((digits | 0) / 10) | 0 : Math.floor(digits / 10)
    if (fewer * 10 !== digits) break
    digits = fewer
    kept--
  }
  return kept === 0 ? putSmall(view, at, digits | 0) : putPlaces(view, at, digits, kept)
}

/** Writes doubles as PostgreSQL prints them. Neighbours mostly have as many places, or fewer. */
export function floatPutter(): (view: DataView, at: number, value: number) => number {
  let likely = 0
  return (view, at, value) => {
    const size = value < 0 ? -value : value
    if (size >= 1e-4 && size < 1e9) {
      const start = value < 0 ? at + 1 : at
      if (value < 0) view.setUint8(at, MINUS)
      const end = putIfExact(view, start, size, likely)
      if (end >= 0) return end
      for (let places = likely + 1; places <= FLOAT_PLACES; places++) {
        const found = putIfExact(view, start, size, places)
        if (found < 0) continue
        likely = places
        return found
      }
    }
    return putAscii(view, at, floatText(value))
  }
}

/** A number of single precision: of those with six digits only one is meant. */
export function putSingle(view: DataView, at: number, value: number): number {
  const size = Math.abs(value)
  if (size >= 1e-4 && size < 1e6) {
    for (let places = 0; places <= FLOAT_PLACES; places++) {
      const power = POWERS[places]!
      const digits = Math.round(size * power)
      if (digits >= 1e6) break
      if (Math.fround(digits / power) === size) return putDecimal(view, at, value < 0 ? -digits : digits, places)
    }
  }
  return putAscii(view, at, floatText(value, true))
}

/** Days of the years from 1 to 9999. */
const FIRST_DAY = -719_162
const LAST_DAY = 2_932_896

/** A day, counted from 1970. */
export function putDate(view: DataView, at: number, days: number): number {
  if (days < FIRST_DAY || days > LAST_DAY) return putAscii(view, at, dateText(days))
  // Howard Hinnant's days-to-civil, in whole numbers.
  const shifted = (days + 719_468) | 0
  const era = (shifted / 146_097) | 0
  const ofEra = shifted - era * 146_097
  const yearOfEra = ((ofEra - ((ofEra / 1460) | 0) + ((ofEra / 36_524) | 0) - ((ofEra / 146_096) | 0)) / 365) | 0
  const dayOfYear = ofEra - (365 * yearOfEra + (yearOfEra >> 2) - ((yearOfEra / 100) | 0))
  const fromMarch = ((5 * dayOfYear + 2) / 153) | 0
  const day = dayOfYear - (((153 * fromMarch + 2) / 5) | 0) + 1
  const month = fromMarch < 10 ? fromMarch + 3 : fromMarch - 9
  const year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
  view.setUint32(at, FOUR_DIGITS[year]!, true)
  view.setUint32(at + 4, MONTHS[month]!, true)
  view.setUint16(at + 8, TWO_DIGITS[day]!, true)
  return at + 10
}

const MINUTE_MICROS = 60_000_000
const FIRST_MINUTE = (FIRST_DAY * DAY_MICROS) / MINUTE_MICROS
const LAST_MINUTE = ((LAST_DAY + 1) * DAY_MICROS) / MINUTE_MICROS - 1

/** Writes times as PostgreSQL prints them, in microseconds since 1970, exact. Neighbours often share their minute. */
export function timestampPutter(zone: boolean): (view: DataView, at: number, micros: number) => number {
  let known = Number.NaN
  /** What stands before the seconds: `2024-01-31 23:59:`, in words of four letters. */
  const words = new Int32Array(4)
  return (view, at, micros) => {
    const minute = Math.floor(micros / MINUTE_MICROS)
    if (minute === known) {
      view.setInt32(at, words[0]!)
      view.setInt32(at + 4, words[1]!)
      view.setInt32(at + 8, words[2]!)
      view.setInt32(at + 12, words[3]!)
      view.setUint8(at + 16, COLON)
    } else {
      if (minute < FIRST_MINUTE || minute > LAST_MINUTE) return putAscii(view, at, timestampText(micros, zone))
      const days = Math.floor(minute / 1440)
      const clock = putDate(view, at, days)
      const ofDay = (minute - days * 1440) | 0
      const hours = (ofDay / 60) | 0
      view.setUint32(clock, HOURS[hours]!, true)
      view.setUint32(clock + 4, MINUTES[ofDay - hours * 60]!, true)
      for (let word = 0; word < 4; word++) words[word] = view.getInt32(at + 4 * word)
      known = minute
    }
    const rest = (micros - minute * MINUTE_MICROS) | 0
    const seconds = (rest / 1_000_000) | 0
    view.setUint16(at + 17, TWO_DIGITS[seconds]!, true)
    let end = at + 19
    const fraction = rest - seconds * 1_000_000
    if (fraction > 0) {
      const upper = (fraction / 100) | 0
      view.setUint8(end, POINT)
      view.setUint32(end + 1, FOUR_DIGITS[upper]!, true)
      view.setUint16(end + 5, TWO_DIGITS[fraction - upper * 100]!, true)
      end += 7
      while (view.getUint8(end - 1) === ZERO) end--
    }
    if (!zone) return end
    view.setUint32(end, UTC_WORD, true)
    return end + 3
  }
}

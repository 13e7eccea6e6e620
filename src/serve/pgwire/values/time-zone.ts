import { ZoneClock } from '../../../core/zone-clock.js'
import { timestampText } from './times.js'

/** Where a session's clock stands: how far east of UTC it is, in seconds, at a moment in microseconds since 1970. */
export interface TimeZone {
  readonly isUtc: boolean
  offsetAt(micros: number): number
}

export const UTC: TimeZone = { isUtc: true, offsetAt: () => 0 }

/** Offsets change at whole quarters of an hour. */
const QUARTER = 900_000_000
/** Quarters whose offset is kept. */
const MOST = 50_000
/** Milliseconds that JavaScript's dates reach; what lies beyond has the offset of the last. */
const REACH = 8.64e15
const HOUR = 3600

/**
 * A zone by what PostgreSQL takes for `TimeZone`: a name of the IANA list in any case, hours as a number (`-7`), or
 * POSIX's `UTC+3` and `<+09>-9`, which count west. Null when it is none of them.
 */
export function timeZoneOf(value: string): TimeZone | null {
  const text = value.trim()
  const hours = /^[+-]?\d{1,2}(?:\.\d+)?$/.test(text) ? Number(text) : Number.NaN
  if (Math.abs(hours) <= 15) return fixed(Math.round(hours * HOUR))
  const posix = /^(?:[A-Za-z]{3,}|<[+-]?\w+>)([+-]?)(\d{1,2})(?::(\d\d))?(?::(\d\d))?$/.exec(text)
  if (posix !== null) {
    const [, sign, h, m, s] = posix
    const west = Number(h) * HOUR + Number(m ?? 0) * 60 + Number(s ?? 0)
    return west > 15 * HOUR ? null : fixed(sign === '-' ? west : -west)
  }
  // Offsets by themselves are names for Intl, not for PostgreSQL.
  if (!/^[A-Za-z]/.test(text)) return null
  try {
    return named(text)
  } catch {
    return null
  }
}

function fixed(offset: number): TimeZone {
  return offset === 0 ? UTC : { isUtc: false, offsetAt: () => offset }
}

/** @throws RangeError for names that nobody knows. */
function named(name: string): TimeZone {
  const clock = new ZoneClock(name)
  if (clock.zone === 'UTC') return UTC
  const known = new Map<number, number>()
  let last = Number.NaN
  let offset = 0
  return {
    isUtc: false,
    offsetAt(micros) {
      const quarter = Math.floor(micros / QUARTER)
      if (quarter === last) return offset
      let found = known.get(quarter)
      if (found === undefined) {
        found = offsetOf(clock, Math.max(-REACH, Math.min(REACH, (quarter * QUARTER) / 1000)))
        if (known.size >= MOST) known.clear()
        known.set(quarter, found)
      }
      last = quarter
      offset = found
      return offset
    },
  }
}

function offsetOf(clock: ZoneClock, time: number): number {
  const { offset } = clock.at(Math.floor(time / 1000))
  return Number.isNaN(offset) ? 0 : offset
}

/** `+09`, `-03:30`, `+05:53:28`: as it stands behind a time. */
export function offsetText(seconds: number): string {
  const size = Math.abs(seconds)
  const parts = [size / HOUR, (size / 60) % 60, size % 60].map((part) => String(Math.floor(part)).padStart(2, '0'))
  while (parts.length > 1 && parts.at(-1) === '00') parts.pop()
  return `${seconds < 0 ? '-' : '+'}${parts.join(':')}`
}

/** A moment as its clock shows it in the zone, with the offset behind it. */
export function zonedText(micros: number | bigint, zone: TimeZone): string {
  const offset = zone.offsetAt(Number(micros))
  const shown = typeof micros === 'bigint' ? micros + BigInt(offset) * 1_000_000n : micros + offset * 1e6
  const text = timestampText(shown, false)
  return text.endsWith(' BC') ? `${text.slice(0, -3)}${offsetText(offset)} BC` : `${text}${offsetText(offset)}`
}

/** Days from 1970-01-01 to 2000-01-01, where PostgreSQL counts from. */
export const EPOCH_DAYS = 10_957
export const EPOCH_MICROS = 946_684_800_000_000n
export const DAY_MICROS = 86_400_000_000

const TWO = Array.from({ length: 100 }, (_, n) => String(n).padStart(2, '0'))

/** `2024-01-31`; years before 1 with `BC`, as PostgreSQL prints them. */
export function dateText(days: number): string {
  const { year, month, day } = civil(days)
  const shown = year > 0 ? year : 1 - year
  return `${String(shown).padStart(4, '0')}-${TWO[month]}-${TWO[day]}${year > 0 ? '' : ' BC'}`
}

/** `2024-01-31 12:30:00.5`, and `+00` behind it with a zone: PostgreSQL's ISO style. */
export function timestampText(micros: number | bigint, zone: boolean): string {
  let days: number
  let rest: number
  if (typeof micros === 'bigint') {
    const size = BigInt(DAY_MICROS)
    let whole = micros / size
    if (micros % size < 0n) whole--
    days = Number(whole)
    rest = Number(micros - whole * size)
  } else {
    days = Math.floor(micros / DAY_MICROS)
    rest = micros - days * DAY_MICROS
  }
  const date = dateText(days)
  const era = date.endsWith(' BC') ? ' BC' : ''
  const seconds = Math.floor(rest / 1e6)
  const clock = `${TWO[Math.floor(seconds / 3600)]}:${TWO[Math.floor(seconds / 60) % 60]}:${TWO[seconds % 60]}`
  return `${era === '' ? date : date.slice(0, -3)} ${clock}${fraction(rest % 1e6)}${zone ? '+00' : ''}${era}`
}

function fraction(micros: number): string {
  if (micros === 0) return ''
  let text = String(micros).padStart(6, '0')
  while (text.endsWith('0')) text = text.slice(0, -1)
  return '.' + text
}

/** Howard Hinnant's days-to-civil: exact for every day there is. */
function civil(days: number): { year: number; month: number; day: number } {
  const shifted = days + 719_468
  const era = Math.floor(shifted / 146_097)
  const ofEra = shifted - era * 146_097
  const yearOfEra = Math.floor(
    (ofEra - Math.floor(ofEra / 1460) + Math.floor(ofEra / 36_524) - Math.floor(ofEra / 146_096)) / 365,
  )
  const dayOfYear = ofEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100))
  const shiftedMonth = Math.floor((5 * dayOfYear + 2) / 153)
  const day = dayOfYear - Math.floor((153 * shiftedMonth + 2) / 5) + 1
  const month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
  return { year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day }
}

/** Days since 1970-01-01 of a date as warehouses print it; null when it is none. */
export function readDate(text: string): number | null {
  const match = /^(\d{4,})-(\d\d)-(\d\d)( BC| \(BC\))?/.exec(text)
  if (match === null) return null
  const year = match[4] === undefined ? Number(match[1]) : 1 - Number(match[1])
  return daysFromCivil(year, Number(match[2]), Number(match[3]))
}

function daysFromCivil(year: number, month: number, day: number): number {
  const y = month <= 2 ? year - 1 : year
  const era = Math.floor(y / 400)
  const yearOfEra = y - era * 400
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1
  return era * 146_097 + yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear - 719_468
}

/** Microseconds of `12:30:00.5`; null when it is no time. */
export function readClock(text: string): number | null {
  const match = /^(\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?/.exec(text)
  if (match === null) return null
  const micros = Number((match[4] ?? '').padEnd(6, '0').slice(0, 6))
  return (Number(match[1]) * 3600 + Number(match[2]) * 60 + Number(match[3] ?? 0)) * 1e6 + micros
}

/** Seconds east of UTC at the end of a text: `+09`, `-03:30`; 0 when there is none. */
export function readOffset(text: string): number {
  const match = /([+-])(\d\d)(?::?(\d\d))?(?::?(\d\d))?(?: BC)?$/.exec(text)
  if (match === null) return 0
  const seconds = Number(match[2]) * 3600 + Number(match[3] ?? 0) * 60 + Number(match[4] ?? 0)
  return match[1] === '-' ? -seconds : seconds
}

/** Microseconds since 1970 of a timestamp's text, in UTC when it has an offset; null when it is none. */
export function readTimestamp(text: string): bigint | null {
  const days = readDate(text.endsWith(' BC') ? `${text.slice(0, text.indexOf(' '))} BC` : text)
  if (days === null) return null
  const clock = /[ T](\d\d:.*)$/.exec(text)?.[1]
  const micros = clock === undefined ? 0 : readClock(clock)
  if (micros === null) return null
  const offset = clock === undefined ? 0 : readOffset(clock)
  return BigInt(days) * 86_400_000_000n + BigInt(micros) - BigInt(offset) * 1_000_000n
}

export interface Interval {
  readonly months: number
  readonly days: number
  readonly micros: bigint
}

/** Reads `1 year 2 mons 3 days 04:05:06.7` and `1 month -3 days`: the ways warehouses print intervals. */
export function readInterval(text: string): Interval {
  let months = 0
  let days = 0
  let micros = 0n
  for (const [, amount, unit] of text.matchAll(/([+-]?\d+)\s*(year|mon|month|day)s?\b/g)) {
    if (unit === 'year') months += Number(amount) * 12
    else if (unit === 'day') days += Number(amount)
    else months += Number(amount)
  }
  const clock = /([+-]?)(\d+):(\d\d):(\d\d)(?:\.(\d+))?/.exec(text)
  if (clock !== null) {
    const seconds = BigInt(clock[2]!) * 3600n + BigInt(clock[3]!) * 60n + BigInt(clock[4]!)
    micros = seconds * 1_000_000n + BigInt((clock[5] ?? '').padEnd(6, '0').slice(0, 6))
    if (clock[1] === '-') micros = -micros
  }
  return { months, days, micros }
}

/** An interval in PostgreSQL's style: `1 year 2 mons 3 days 04:05:06`, and `-1 mons +3 days`. */
export function intervalText({ months, days, micros }: Interval): string {
  const parts: string[] = []
  let afterNegative = false
  const part = (value: number, unit: string): void => {
    if (value === 0) return
    parts.push(`${afterNegative && value > 0 ? '+' : ''}${value} ${unit}${value === 1 ? '' : 's'}`)
    afterNegative = value < 0
  }
  part(Math.trunc(months / 12), 'year')
  part(months % 12, 'mon')
  part(days, 'day')
  if (micros !== 0n || parts.length === 0) {
    const size = micros < 0n ? -micros : micros
    const seconds = Number(size / 1_000_000n)
    const clock = [seconds / 3600, (seconds / 60) % 60, seconds % 60].map((n) => String(Math.floor(n)).padStart(2, '0'))
    const sign = micros < 0n ? '-' : afterNegative ? '+' : ''
    parts.push(`${sign}${clock.join(':')}${fraction(Number(size % 1_000_000n))}`)
  }
  return parts.join(' ')
}

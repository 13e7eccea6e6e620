import { fixedOffset, PyDate, PyDateTime } from '../../jinja/index.js'

/** A date or time that stood unquoted in YAML: Python's `date` or `datetime`. In rendered YAML it is ISO text. */
export type YamlDate = PyDate | PyDateTime

const DATE = /^(\d{4})-(\d\d)-(\d\d)$/
const DATETIME =
  /^(\d{4})-(\d\d?)-(\d\d?)(?:[Tt]|[ \t]+)(\d\d?):(\d\d):(\d\d)(?:\.(\d*))?(?:[ \t]*(Z|([-+])(\d\d?)(?::(\d\d))?))?$/

export function isYamlDate(value: unknown): value is YamlDate {
  return value instanceof PyDate || value instanceof PyDateTime
}

/**
 * The date in a plain scalar, or undefined when it is none (`2020-01-01`, `2020-01-01 10:00:00.5 +02`).
 * Throws a RangeError with Python's words for one that does not exist (month 13).
 */
export function parseYamlDate(text: string): YamlDate | undefined {
  if (text.charCodeAt(4) !== 45) return undefined
  const day = DATE.exec(text)
  if (day !== null) {
    const [, year, month, date] = day.map(Number)
    checkDay(year!, month!, date!)
    return new PyDate(year!, month!, date!)
  }
  const parts = DATETIME.exec(text)
  if (parts === null) return undefined
  const [year, month, date, hour, minute, second] = parts.slice(1, 7).map(Number) as number[]
  checkDay(year!, month!, date!)
  if (hour! > 23) throw new RangeError('hour must be in 0..23')
  if (minute! > 59) throw new RangeError('minute must be in 0..59')
  if (second! > 59) throw new RangeError('second must be in 0..59')
  const microsecond = Number((parts[7] ?? '').slice(0, 6).padEnd(6, '0'))
  const [zone, sign, zoneHour, zoneMinute] = parts.slice(8)
  const offset = (Number(zoneHour ?? 0) * 60 + Number(zoneMinute ?? 0)) * 60
  const tz = zone === undefined ? undefined : fixedOffset(sign === '-' ? -offset : offset)
  return new PyDateTime(
    { year: year!, month: month!, day: date! },
    { hour: hour!, minute: minute!, second: second!, microsecond },
    tz,
  )
}

function checkDay(year: number, month: number, day: number): void {
  if (year < 1) throw new RangeError('year 0 is out of range')
  if (month < 1 || month > 12) throw new RangeError('month must be in 1..12')
  if (day < 1 || day > new Date(Date.UTC(year, month, 0)).getUTCDate()) {
    throw new RangeError('day is out of range for month')
  }
}

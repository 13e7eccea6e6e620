import { fixedOffset, PyDate, PyDateTime, type PyTzInfo } from '../../jinja/index.js'

const DATE = /^(\d{4})-(\d{1,2})-(\d{1,2})$/
const DATE_TIME = /^(\d{4})-(\d{1,2})-(\d{1,2})\s+(\d{1,2}):(\d{1,2}):(\d{1,2})$/
const ISO_TIME = /^(\d\d)(?::?(\d\d)(?::?(\d\d)(?:[.,](\d+))?)?)?(Z|[+-]\d\d(?::?\d\d)?)?$/

/** `2024-01-31`, zeros left out or not; undefined for anything else. */
export function parseDate(text: string): PyDate | undefined {
  const match = DATE.exec(text)
  return match === null ? undefined : dateOf(match)
}

/** `2024-01-31 12:30:00`, zeros left out or not; undefined for anything else. */
export function parseDateTime(text: string): PyDateTime | undefined {
  const match = DATE_TIME.exec(text)
  if (match === null) return undefined
  const date = dateOf(match)
  const [hour, minute, second] = match.slice(4).map(Number) as [number, number, number]
  if (date === undefined || hour > 23 || minute > 59 || second > 59) return undefined
  return new PyDateTime(date, { hour, minute, second, microsecond: 0 }, undefined)
}

/** ISO 8601 with a `T`: any of its ways to write a date, a time to the hour or finer, maybe a zone. */
export function parseIsoDateTime(text: string): PyDateTime | undefined {
  const [dateText, timeText, ...more] = text.split('T')
  if (dateText === undefined || timeText === undefined || more.length > 0) return undefined
  const date = isoDate(dateText)
  const match = ISO_TIME.exec(timeText)
  if (date === undefined || match === null) return undefined
  const [hour, minute, second] = [Number(match[1]), Number(match[2] ?? 0), Number(match[3] ?? 0)]
  if (hour > 23 || minute > 59 || second > 59) return undefined
  const microsecond = Number((match[4] ?? '').slice(0, 6).padEnd(6, '0'))
  return new PyDateTime(date, { hour, minute, second, microsecond }, zoneOf(match[5]))
}

function isoDate(text: string): PyDate | undefined {
  const plain = /^(\d{4})-(\d\d)-(\d\d)$/.exec(text) ?? /^(\d{4})(\d\d)(\d\d)$/.exec(text)
  if (plain !== null) return dateOf(plain)
  const week = /^(\d{4})-?W(\d\d)(?:-?(\d))?$/.exec(text)
  if (week !== null)
    return dayOfYear(Number(week[1]), isoWeekDay(Number(week[1]), Number(week[2]), Number(week[3] ?? 1)))
  const ordinal = /^(\d{4})-?(\d{3})$/.exec(text)
  if (ordinal !== null) return dayOfYear(Number(ordinal[1]), Number(ordinal[2]))
  const month = /^(\d{4})(?:-(\d\d))?$/.exec(text)
  return month === null ? undefined : valid(Number(month[1]), Number(month[2] ?? 1), 1)
}

function dateOf(match: RegExpExecArray): PyDate | undefined {
  return valid(Number(match[1]), Number(match[2]), Number(match[3]))
}

/** The date, or undefined when there is no such day. */
function valid(year: number, month: number, day: number): PyDate | undefined {
  if (year < 1 || month < 1 || month > 12 || day < 1 || day > daysIn(year, month)) return undefined
  return new PyDate(year, month, day)
}

function daysIn(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31
}

/** The n-th day of a year; days before the first lie in the year before. */
function dayOfYear(year: number, day: number): PyDate | undefined {
  const date = new Date(0)
  date.setUTCFullYear(year, 0, day)
  return valid(date.getUTCFullYear(), date.getUTCMonth() + 1, date.getUTCDate())
}

/** Number in the year of a day of an ISO week. */
function isoWeekDay(year: number, week: number, weekday: number): number {
  const fourth = new Date(0)
  fourth.setUTCFullYear(year, 0, 4)
  return 4 - (fourth.getUTCDay() || 7) + (week - 1) * 7 + weekday
}

/** `Z`, `+02:00`, `-0330`; undefined for a time without zone. */
export function zoneOf(text: string | undefined): PyTzInfo | undefined {
  if (text === undefined || text === '') return undefined
  const match = /^([+-])(\d\d)(?::?(\d\d))?/.exec(text)
  if (match === null) return fixedOffset(0)
  const seconds = (Number(match[2]) * 60 + Number(match[3] ?? 0)) * 60
  return fixedOffset(match[1] === '-' ? -seconds : seconds)
}

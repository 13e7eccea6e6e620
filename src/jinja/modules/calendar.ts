import { pyError } from '../values/errors.js'

// The proleptic Gregorian calendar, days counted from 1 January of year 1 (= 1), as Python counts them.

export const MIN_YEAR = 1
export const MAX_YEAR = 9999
/** Microseconds of a day. */
export const DAY = 86_400_000_000n

export interface CalendarDate {
  readonly year: number
  readonly month: number
  readonly day: number
}

const DAYS_BEFORE_MONTH = [0, 0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334]
const DAYS_IN_MONTH = [0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]

export function isLeap(year: number): boolean {
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0)
}

export function daysInMonth(year: number, month: number): number {
  return month === 2 && isLeap(year) ? 29 : DAYS_IN_MONTH[month]!
}

export function dayOfYear({ year, month, day }: CalendarDate): number {
  return DAYS_BEFORE_MONTH[month]! + (month > 2 && isLeap(year) ? 1 : 0) + day
}

export function toOrdinal(date: CalendarDate): number {
  const y = date.year - 1
  return y * 365 + Math.floor(y / 4) - Math.floor(y / 100) + Math.floor(y / 400) + dayOfYear(date)
}

/** The date of a day number. Throws Python's OverflowError outside the years 1 to 9999. */
export function fromOrdinal(ordinal: number): CalendarDate {
  if (ordinal < 1 || ordinal > 3_652_059) throw pyError('OverflowError', 'date value out of range')
  let year = Math.floor(ordinal / 365.2425) + 1
  while (toOrdinal({ year, month: 1, day: 1 }) > ordinal) year--
  while (year < MAX_YEAR && toOrdinal({ year: year + 1, month: 1, day: 1 }) <= ordinal) year++
  let rest = ordinal - toOrdinal({ year, month: 1, day: 1 }) + 1
  let month = 1
  while (rest > daysInMonth(year, month)) rest -= daysInMonth(year, month++)
  return { year, month, day: rest }
}

/** Monday is 0. */
export function weekday(date: CalendarDate): number {
  return (toOrdinal(date) + 6) % 7
}

/** ISO year, week and weekday (Monday is 1). */
export function isoCalendar(date: CalendarDate): { year: number; week: number; day: number } {
  const ordinal = toOrdinal(date)
  const monday = (year: number): number => {
    const first = toOrdinal({ year, month: 1, day: 4 })
    return first - ((first + 6) % 7)
  }
  let { year } = date
  if (ordinal < monday(year)) year--
  else if (year < MAX_YEAR && ordinal >= monday(year + 1)) year++
  return { year, week: Math.floor((ordinal - monday(year)) / 7) + 1, day: weekday(date) + 1 }
}

/** Throws Python's ValueErrors for a date that does not exist. */
export function checkDate({ year, month, day }: CalendarDate): void {
  if (year < MIN_YEAR || year > MAX_YEAR) throw pyError('ValueError', `year ${year} is out of range`)
  if (month < 1 || month > 12) throw pyError('ValueError', 'month must be in 1..12')
  if (day < 1 || day > daysInMonth(year, month)) throw pyError('ValueError', 'day is out of range for month')
}

export function pad(value: number, width: number): string {
  return String(value).padStart(width, '0')
}

export function isoDate({ year, month, day }: CalendarDate): string {
  return `${pad(year, 4)}-${pad(month, 2)}-${pad(day, 2)}`
}

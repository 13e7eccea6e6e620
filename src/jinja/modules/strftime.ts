import { type CalendarDate, dayOfYear, isoCalendar, pad, toOrdinal, weekday } from './calendar.js'
import { formatOffset } from './timezone.js'

export const DAY_NAMES = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'] as const
export const MONTH_NAMES = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
] as const

/** Everything a format may show. */
export interface Moment extends CalendarDate {
  readonly hour: number
  readonly minute: number
  readonly second: number
  readonly microsecond: number
  readonly offsetSeconds: number | undefined
  readonly zoneName: string | undefined
}

const DIRECTIVE = /%([-_0^#]*)(\d*)([a-zA-Z%])/g

interface Numbered {
  readonly value: number
  readonly width: number
  readonly fill: string
}

const zero = (value: number, width: number): Numbered => ({ value, width, fill: '0' })
const space = (value: number, width: number): Numbered => ({ value, width, fill: ' ' })
const twelve = (hour: number): number => hour % 12 || 12

const NUMBERS: Readonly<Record<string, (m: Moment) => Numbered>> = {
  d: (m) => zero(m.day, 2),
  e: (m) => space(m.day, 2),
  m: (m) => zero(m.month, 2),
  y: (m) => zero(m.year % 100, 2),
  Y: (m) => zero(m.year, 1),
  C: (m) => zero(Math.floor(m.year / 100), 2),
  H: (m) => zero(m.hour, 2),
  k: (m) => space(m.hour, 2),
  I: (m) => zero(twelve(m.hour), 2),
  l: (m) => space(twelve(m.hour), 2),
  M: (m) => zero(m.minute, 2),
  S: (m) => zero(m.second, 2),
  f: (m) => zero(m.microsecond, 6),
  j: (m) => zero(dayOfYear(m), 3),
  w: (m) => zero((weekday(m) + 1) % 7, 1),
  u: (m) => zero(weekday(m) + 1, 1),
  U: (m) => zero(Math.floor((dayOfYear(m) + 6 - ((weekday(m) + 1) % 7)) / 7), 2),
  W: (m) => zero(Math.floor((dayOfYear(m) + 6 - weekday(m)) / 7), 2),
  V: (m) => zero(isoCalendar(m).week, 2),
  G: (m) => zero(isoCalendar(m).year, 1),
  g: (m) => zero(isoCalendar(m).year % 100, 2),
}

const TEXTS: Readonly<Record<string, (m: Moment) => string>> = {
  a: (m) => DAY_NAMES[weekday(m)]!.slice(0, 3),
  A: (m) => DAY_NAMES[weekday(m)]!,
  b: (m) => MONTH_NAMES[m.month - 1]!.slice(0, 3),
  B: (m) => MONTH_NAMES[m.month - 1]!,
  h: (m) => MONTH_NAMES[m.month - 1]!.slice(0, 3),
  p: (m) => (m.hour < 12 ? 'AM' : 'PM'),
  P: (m) => (m.hour < 12 ? 'am' : 'pm'),
  c: (m) => formatMoment(m, '%a %b %e %H:%M:%S %Y'),
  x: (m) => formatMoment(m, '%m/%d/%y'),
  D: (m) => formatMoment(m, '%m/%d/%y'),
  X: (m) => formatMoment(m, '%H:%M:%S'),
  T: (m) => formatMoment(m, '%H:%M:%S'),
  R: (m) => formatMoment(m, '%H:%M'),
  r: (m) => formatMoment(m, '%I:%M:%S %p'),
  F: (m) => formatMoment(m, '%Y-%m-%d'),
  n: () => '\n',
  t: () => '\t',
  s: (m) => String(secondsSinceEpoch(m)),
  z: (m) => (m.offsetSeconds === undefined ? '' : formatOffset(m.offsetSeconds, '')),
  Z: (m) => m.zoneName ?? '',
  '%': () => '%',
}

function secondsSinceEpoch(m: Moment): number {
  return (toOrdinal(m) - 719_163) * 86_400 + m.hour * 3600 + m.minute * 60 + m.second - (m.offsetSeconds ?? 0)
}

/** `strftime`, with glibc's flags: `%-d` without padding, `%_d` with spaces, `%^a` in capitals. */
export function formatMoment(moment: Moment, format: string): string {
  return format.replace(DIRECTIVE, (whole, flags: string, width: string, letter: string) => {
    const text = TEXTS[letter]
    if (text) {
      const shown = text(moment)
      return flags.includes('^') ? shown.toUpperCase() : shown
    }
    const number = NUMBERS[letter]
    if (!number) return whole
    const { value, width: usual, fill } = number(moment)
    if (flags.includes('-')) return String(value)
    const filler = flags.includes('_') ? ' ' : flags.includes('0') ? '0' : fill
    return String(value).padStart(width === '' ? usual : Number(width), filler)
  })
}

/** A date alone, for formatting. */
export function momentOf(date: CalendarDate, rest: Partial<Moment> = {}): Moment {
  return {
    hour: 0,
    minute: 0,
    second: 0,
    microsecond: 0,
    offsetSeconds: undefined,
    zoneName: undefined,
    ...rest,
    year: date.year,
    month: date.month,
    day: date.day,
  }
}

/** `13:05:00.000042`, or cut to a smaller `timespec`. */
export function isoTime(m: Pick<Moment, 'hour' | 'minute' | 'second' | 'microsecond'>, timespec = 'auto'): string {
  const hours = pad(m.hour, 2)
  if (timespec === 'hours') return hours
  const minutes = `${hours}:${pad(m.minute, 2)}`
  if (timespec === 'minutes') return minutes
  const seconds = `${minutes}:${pad(m.second, 2)}`
  if (timespec === 'seconds') return seconds
  if (timespec === 'milliseconds') return `${seconds}.${pad(Math.floor(m.microsecond / 1000), 3)}`
  return timespec === 'auto' && m.microsecond === 0 ? seconds : `${seconds}.${pad(m.microsecond, 6)}`
}

import { pyError } from '../values/errors.js'
import { reprString } from '../values/text.js'
import { daysInMonth, fromOrdinal, toOrdinal } from './calendar.js'
import { DAY_NAMES, MONTH_NAMES, type Moment } from './strftime.js'

type Field =
  | 'year'
  | 'year2'
  | 'month'
  | 'day'
  | 'hour'
  | 'hour12'
  | 'minute'
  | 'second'
  | 'fraction'
  | 'dayOfYear'
  | 'meridiem'
  | 'zone'
  | 'zoneName'
  | 'monthName'
  | 'ignored'

const names = (list: readonly string[], length?: number): string =>
  list.map((name) => (length === undefined ? name : name.slice(0, length))).join('|')

const DIRECTIVES: Readonly<Record<string, readonly [pattern: string, field: Field]>> = {
  Y: ['\\d{4}', 'year'],
  y: ['\\d{2}', 'year2'],
  m: ['1[0-2]|0[1-9]|[1-9]', 'month'],
  d: ['3[01]|[12]\\d|0[1-9]|[1-9]| [1-9]', 'day'],
  H: ['2[0-3]|[01]\\d|\\d', 'hour'],
  I: ['1[0-2]|0[1-9]|[1-9]', 'hour12'],
  M: ['[0-5]\\d|\\d', 'minute'],
  S: ['6[01]|[0-5]\\d|\\d', 'second'],
  f: ['\\d{1,6}', 'fraction'],
  j: ['36[0-6]|3[0-5]\\d|[12]\\d\\d|0[1-9]\\d|00[1-9]|[1-9]\\d|0[1-9]|[1-9]', 'dayOfYear'],
  p: ['am|pm', 'meridiem'],
  z: ['[+-]\\d\\d:?[0-5]\\d(?::?[0-5]\\d(?:\\.\\d{1,6})?)?|Z', 'zone'],
  Z: ['utc|gmt|[a-z]{3,5}', 'zoneName'],
  a: [names(DAY_NAMES, 3), 'ignored'],
  A: [names(DAY_NAMES), 'ignored'],
  b: [names(MONTH_NAMES, 3), 'monthName'],
  B: [names(MONTH_NAMES), 'monthName'],
  w: ['[0-6]', 'ignored'],
  u: ['[1-7]', 'ignored'],
  U: ['5[0-3]|[0-4]\\d|\\d', 'ignored'],
  W: ['5[0-3]|[0-4]\\d|\\d', 'ignored'],
}
const COMPOSITES: Readonly<Record<string, string>> = {
  c: '%a %b %d %H:%M:%S %Y',
  x: '%m/%d/%y',
  X: '%H:%M:%S',
  T: '%H:%M:%S',
  D: '%m/%d/%y',
  F: '%Y-%m-%d',
  R: '%H:%M',
}

function patternOf(format: string): { regex: RegExp; fields: Field[] } {
  const fields: Field[] = []
  const expanded = format.replace(/%([cxXTDFR])/g, (_, letter: string) => COMPOSITES[letter]!)
  const source = expanded.replace(/%(.)|\s+|[\\^$.*+?()[\]{}|]/gs, (whole, letter?: string) => {
    if (/^\s/.test(whole)) return '\\s+'
    if (letter === undefined) return `\\${whole}`
    if (letter === '%') return '%'
    const directive = DIRECTIVES[letter]
    if (!directive) throw pyError('ValueError', `'${letter}' is a bad directive in format ${reprString(format)}`)
    fields.push(directive[1])
    return `(${directive[0]})`
  })
  return { regex: new RegExp(`^(?:${source})`, 'i'), fields }
}

/** `strptime`: the moment a text stands for in a format. Throws Python's ValueErrors. */
export function parseMoment(text: string, format: string): Moment {
  const { regex, fields } = patternOf(format)
  const match = regex.exec(text)
  if (!match) throw pyError('ValueError', `time data ${reprString(text)} does not match format ${reprString(format)}`)
  if (match[0].length !== text.length)
    throw pyError('ValueError', `unconverted data remains: ${text.slice(match[0].length)}`)
  const found = new Map<Field, string>(fields.map((field, i) => [field, match[i + 1] ?? '']))
  return momentFrom(found)
}

function momentFrom(found: ReadonlyMap<Field, string>): Moment {
  const number = (field: Field, otherwise: number): number => {
    const text = found.get(field)
    return text === undefined ? otherwise : Number(text)
  }
  const year = yearFrom(found)
  let month = number('month', monthFrom(found.get('monthName')))
  let day = number('day', 1)
  const ordinal = found.get('dayOfYear')
  if (ordinal !== undefined && !found.has('month') && !found.has('monthName')) {
    const date = fromOrdinal(toOrdinal({ year, month: 1, day: 1 }) + Number(ordinal) - 1)
    month = date.month
    day = date.day
  }
  if (day > daysInMonth(year, month)) throw pyError('ValueError', 'day is out of range for month')
  return {
    year,
    month,
    day,
    hour: hourFrom(found),
    minute: number('minute', 0),
    second: number('second', 0),
    microsecond: Number((found.get('fraction') ?? '').padEnd(6, '0')),
    offsetSeconds: found.has('zone') ? parseOffset(found.get('zone')!) : undefined,
    zoneName: found.get('zoneName'),
  }
}

function yearFrom(found: ReadonlyMap<Field, string>): number {
  const full = found.get('year')
  if (full !== undefined) return Number(full)
  const short = found.get('year2')
  if (short === undefined) return 1900
  return Number(short) + (Number(short) < 69 ? 2000 : 1900)
}

function monthFrom(name: string | undefined): number {
  if (name === undefined) return 1
  return MONTH_NAMES.findIndex((month) => month.toLowerCase().startsWith(name.toLowerCase().slice(0, 3))) + 1
}

function hourFrom(found: ReadonlyMap<Field, string>): number {
  const twelve = found.get('hour12')
  if (twelve === undefined) return Number(found.get('hour') ?? 0)
  const afternoon = found.get('meridiem')?.toLowerCase() === 'pm'
  return (Number(twelve) % 12) + (afternoon ? 12 : 0)
}

/** Seconds of an offset like `+02:00`, `-0330`, `Z`. */
export function parseOffset(text: string): number {
  if (/^z$/i.test(text)) return 0
  const digits = text.slice(1).replaceAll(':', '')
  const [hours, minutes, seconds] = [digits.slice(0, 2), digits.slice(2, 4), digits.slice(4, 6)]
  const size = Number(hours) * 3600 + Number(minutes || 0) * 60 + Number(seconds || 0)
  return text.startsWith('-') ? -size : size
}

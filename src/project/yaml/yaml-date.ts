import { py, type Value } from '../../jinja/index.js'

const DATE = /^(\d{4})-(\d\d)-(\d\d)$/
const DATETIME =
  /^(\d{4})-(\d\d?)-(\d\d?)(?:[Tt]|[ \t]+)(\d\d?):(\d\d):(\d\d)(?:\.(\d*))?(?:[ \t]*(Z|([-+])(\d\d?)(?::(\d\d))?))?$/

/**
 * A date or time that stood unquoted in YAML: Python's `date` or `datetime`. Prints as Python's `str` does, turns into
 * ISO text in JSON. In rendered YAML it has become that text already, as in dbt.
 */
export class YamlDate {
  constructor(
    /** `date.isoformat()` / `datetime.isoformat()`. */
    readonly iso: string,
  ) {}

  toString(): string {
    return this.iso.replace('T', ' ')
  }

  toJSON(): string {
    return this.iso
  }

  [py.getattr](name: string): Value {
    const part = { year: [0, 4], month: [5, 7], day: [8, 10], hour: [11, 13], minute: [14, 16], second: [17, 19] }[name]
    if (part !== undefined && this.iso.length >= part[1]!) return Number(this.iso.slice(part[0], part[1]))
    if (name === 'isoformat') return () => this.iso
    return undefined
  }

  [py.str](): string {
    return this.toString()
  }

  [py.repr](): string {
    const numbers = this.iso.split(/[-T:.]/).map(Number)
    return this.iso.length === 10 ? `datetime.date(${numbers.join(', ')})` : `datetime.datetime(${numbers.join(', ')})`
  }

  [py.eq](other: Value): boolean {
    return other instanceof YamlDate && other.iso === this.iso
  }

  [py.hash](): string {
    return `date:${this.iso}`
  }

  get [py.typeName](): string {
    return this.iso.length === 10 ? 'date' : 'datetime'
  }
}

/**
 * The date in a plain scalar, or undefined when it is none (`2020-01-01`, `2020-01-01 10:00:00.5 +02`).
 * Throws a RangeError with Python's words for one that does not exist (month 13).
 */
export function parseYamlDate(text: string): YamlDate | undefined {
  if (text.charCodeAt(4) !== 45) return undefined
  const day = DATE.exec(text)
  if (day !== null) {
    checkDay(Number(day[1]), Number(day[2]), Number(day[3]))
    return new YamlDate(text)
  }
  const parts = DATETIME.exec(text)
  if (parts === null) return undefined
  const [, year, month, date, hour, minute, second, fraction, zone, sign, zoneHour, zoneMinute] = parts
  checkDay(Number(year), Number(month), Number(date))
  if (Number(hour) > 23) throw new RangeError('hour must be in 0..23')
  if (Number(minute) > 59) throw new RangeError('minute must be in 0..59')
  if (Number(second) > 59) throw new RangeError('second must be in 0..59')
  const micros = (fraction ?? '').slice(0, 6).padEnd(6, '0')
  const shown = Number(micros) === 0 ? '' : `.${micros}`
  const shift = `${two(zoneHour ?? '0')}:${zoneMinute ?? '00'}`
  const offset = zone === undefined ? '' : sign === undefined || shift === '00:00' ? '+00:00' : sign + shift
  return new YamlDate(`${year}-${two(month!)}-${two(date!)}T${two(hour!)}:${minute}:${second}${shown}${offset}`)
}

function two(digits: string): string {
  return digits.padStart(2, '0')
}

function checkDay(year: number, month: number, day: number): void {
  if (year < 1) throw new RangeError('year 0 is out of range')
  if (month < 1 || month > 12) throw new RangeError('month must be in 1..12')
  if (day < 1 || day > new Date(Date.UTC(year, month, 0)).getUTCDate()) {
    throw new RangeError('day is out of range for month')
  }
}

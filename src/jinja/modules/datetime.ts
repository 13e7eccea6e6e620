import { bindArguments } from '../values/arguments.js'
import { pyError } from '../values/errors.js'
import { PyFloat } from '../values/float.js'
import { typeName } from '../values/kinds.js'
import { intArgument } from '../values/methods/method.js'
import { asNumeric } from '../values/numbers.js'
import * as py from '../values/py.js'
import { toStr } from '../values/text.js'
import { tuple } from '../values/tuple.js'
import type { ArithmeticOperator, HostObject, Kwargs, Value } from '../values/value.js'
import { type CalendarDate, checkDate, DAY, dayOfYear, fromOrdinal, isoDate, toOrdinal, weekday } from './calendar.js'
import { CALENDAR_METHODS, type Clock, fromIsoWeek, localDate, PyDate, parseIsoDate } from './date.js'
import { PyType } from './py-type.js'
import { formatMoment, isoTime, type Moment } from './strftime.js'
import { parseMoment } from './strptime.js'
import { type ClockTime, checkTime, MIDNIGHT, PyTime, parseIsoTime, zoneArgument } from './time.js'
import { PyTimedelta } from './timedelta.js'
import { fixedOffset, formatOffset, type PyTzInfo } from './timezone.js'

const EPOCH = BigInt(toOrdinal({ year: 1970, month: 1, day: 1 })) * DAY
export const UTC = fixedOffset(0)

/** Python's datetime: a date, a time and maybe a time zone. */
export class PyDateTime implements HostObject, CalendarDate, ClockTime {
  readonly [py.typeName] = 'datetime.datetime'
  readonly year: number
  readonly month: number
  readonly day: number
  readonly hour: number
  readonly minute: number
  readonly second: number
  readonly microsecond: number

  constructor(
    date: CalendarDate,
    time: ClockTime,
    readonly tz: PyTzInfo | undefined,
  ) {
    checkDate(date)
    checkTime(time)
    this.year = date.year
    this.month = date.month
    this.day = date.day
    this.hour = time.hour
    this.minute = time.minute
    this.second = time.second
    this.microsecond = time.microsecond
  }

  /** The datetime of a JS Date, in UTC unless a zone is given. */
  static fromDate(date: Date, tz: PyTzInfo = UTC): PyDateTime {
    return PyDateTime.fromEpoch(BigInt(date.getTime()) * 1000n, tz)
  }

  /** The datetime of an instant, in microseconds since 1970. */
  static fromEpoch(micros: bigint, tz: PyTzInfo): PyDateTime {
    const zone = tz.at(micros)
    return PyDateTime.fromLocal(micros + BigInt(zone.offset.offsetSeconds) * 1_000_000n + EPOCH, zone)
  }

  /** From microseconds of local time since the year 1. */
  static fromLocal(micros: bigint, tz: PyTzInfo | undefined): PyDateTime {
    let rest = micros % DAY
    if (rest < 0n) rest += DAY
    const second = Math.floor(Number(rest) / 1e6)
    const time = {
      hour: Math.floor(second / 3600),
      minute: Math.floor(second / 60) % 60,
      second: second % 60,
      microsecond: Number(rest) % 1e6,
    }
    return new PyDateTime(fromOrdinal(Number((micros - rest) / DAY)), time, tz)
  }

  /** Microseconds of local time since the year 1. */
  get localMicros(): bigint {
    const seconds = (this.hour * 60 + this.minute) * 60 + this.second
    return BigInt(toOrdinal(this)) * DAY + BigInt(seconds) * 1_000_000n + BigInt(this.microsecond)
  }

  /** Microseconds since 1970 in UTC; local time of the machine without a zone. */
  get epochMicros(): bigint {
    if (this.tz) return this.localMicros - EPOCH - BigInt(this.tz.offset.offsetSeconds) * 1_000_000n
    const local = new Date(this.year, this.month - 1, this.day, this.hour, this.minute, this.second)
    local.setFullYear(this.year)
    return BigInt(local.getTime()) * 1000n + BigInt(this.microsecond)
  }

  /** The instant as a JS Date (milliseconds). */
  toDate(): Date {
    return new Date(Number(this.epochMicros / 1000n))
  }

  get moment(): Moment {
    const { year, month, day, hour, minute, second, microsecond, tz } = this
    const zone = tz?.offset
    const time = { hour, minute, second, microsecond }
    return { year, month, day, ...time, offsetSeconds: zone?.offsetSeconds, zoneName: zone?.name }
  }

  iso(separator = 'T', timespec = 'auto'): string {
    const zone = this.tz ? formatOffset(this.tz.offset.offsetSeconds, ':') : ''
    return isoDate(this) + separator + isoTime(this, timespec) + zone
  }

  /** ISO text, as dbt's JSON has it. */
  toJSON(): string {
    return this.iso()
  }

  [py.getattr](name: string): Value {
    switch (name) {
      case 'year':
      case 'month':
      case 'day':
      case 'hour':
      case 'minute':
      case 'second':
      case 'microsecond':
        return this[name]
      case 'fold':
        return 0
      case 'tzinfo':
        return this.tz ?? null
    }
    const method = METHODS[name]
    return method && ((args, kwargs) => method(this, args, kwargs))
  }

  [py.arithmetic](operator: ArithmeticOperator, other: Value, reflected: boolean): Value {
    if (other instanceof PyTimedelta) {
      if (operator === '+') return PyDateTime.fromLocal(this.localMicros + other.micros, this.tz)
      if (operator === '-' && !reflected) return PyDateTime.fromLocal(this.localMicros - other.micros, this.tz)
    }
    if (!(other instanceof PyDateTime) || operator !== '-' || reflected) return undefined
    if ((this.tz === undefined) !== (other.tz === undefined))
      throw pyError('TypeError', "can't subtract offset-naive and offset-aware datetimes")
    return new PyTimedelta(this.#comparable - other.#comparable)
  }

  get #comparable(): bigint {
    return this.tz ? this.epochMicros : this.localMicros
  }

  [py.eq](other: Value): boolean {
    if (!(other instanceof PyDateTime) || (this.tz === undefined) !== (other.tz === undefined)) return false
    return this.#comparable === other.#comparable
  }

  [py.lt](other: Value): boolean | undefined {
    if (other instanceof PyDate) throw pyError('TypeError', "can't compare datetime.datetime to datetime.date")
    if (!(other instanceof PyDateTime)) return undefined
    if ((this.tz === undefined) !== (other.tz === undefined))
      throw pyError('TypeError', "can't compare offset-naive and offset-aware datetimes")
    return this.#comparable < other.#comparable
  }

  [py.hash](): string {
    return `datetime${this.tz ? 'z' : ''}${this.#comparable}`
  }

  [py.str](): string {
    return this.iso(' ')
  }

  [py.repr](): string {
    const { second, microsecond, tz } = this
    const parts = [this.year, this.month, this.day, this.hour, this.minute]
    if (second !== 0 || microsecond !== 0) parts.push(second)
    if (microsecond !== 0) parts.push(microsecond)
    return `datetime.datetime(${parts.join(', ')}${tz ? `, tzinfo=${tz[py.repr]()}` : ''})`
  }

  [py.format](spec: string): string {
    return spec === '' ? this.iso(' ') : formatMoment(this.moment, spec)
  }
}

type DateTimeMethod = (self: PyDateTime, args: readonly Value[], kwargs: Kwargs) => Value

const FIELDS = ['year', 'month', 'day', 'hour', 'minute', 'second', 'microsecond', 'tzinfo', 'fold'] as const

const METHODS: Readonly<Record<string, DateTimeMethod>> = {
  ...CALENDAR_METHODS,
  date: (self) => PyDate.of(self),
  time: (self) => new PyTime(self, undefined),
  timetz: (self) => new PyTime(self, self.tz),
  isoformat: (self, args, kwargs) => {
    const [separator, timespec] = bindArguments('isoformat', ['sep', 'timespec'], args, kwargs, {
      sep: 'T',
      timespec: 'auto',
    })
    return self.iso(toStr(separator), toStr(timespec))
  },
  strftime: (self, args) => formatMoment(self.moment, toStr(args[0])),
  ctime: (self) => formatMoment(self.moment, '%a %b %e %H:%M:%S %Y'),
  timestamp: (self) => new PyFloat(Number(self.epochMicros) / 1e6),
  timetuple: (self) => timeTuple(self),
  utctimetuple: (self) => timeTuple(PyDateTime.fromEpoch(self.epochMicros, UTC)),
  utcoffset: (self) => (self.tz ? PyTimedelta.ofSeconds(self.tz.offset.offsetSeconds) : null),
  dst: (self) => (self.tz ? PyTimedelta.ofSeconds(self.tz.offset.dstSeconds) : null),
  tzname: (self) => self.tz?.offset.name ?? null,
  astimezone: (self, args, kwargs) => {
    const [tz] = bindArguments('astimezone', ['tz'], args, kwargs, { tz: null })
    return PyDateTime.fromEpoch(self.epochMicros, zoneArgument(tz) ?? localZone(self.toDate()))
  },
  replace: (self, args, kwargs) => {
    const { year, month, day, hour, minute, second, microsecond, tz } = self
    const time = { hour, minute, second, microsecond }
    const defaults = { year, month, day, ...time, tzinfo: tz ?? null, fold: 0 }
    return makeDateTime(bindArguments('replace', FIELDS, args, kwargs, defaults))
  },
}

function timeTuple(self: PyDateTime): Value {
  const { year, month, day, hour, minute, second } = self
  return tuple([year, month, day, hour, minute, second, weekday(self), dayOfYear(self), -1])
}

/** The zone of the machine, at an instant. */
function localZone(date: Date): PyTzInfo {
  return fixedOffset(-date.getTimezoneOffset() * 60)
}

function makeDateTime(values: readonly Value[]): PyDateTime {
  const [year, month, day, hour, minute, second, microsecond] = values.slice(0, 7).map(intArgument) as number[]
  const time = { hour: hour!, minute: minute!, second: second!, microsecond: microsecond! }
  return new PyDateTime({ year: year!, month: month!, day: day! }, time, zoneArgument(values[7]))
}

function parseIso(text: Value): PyDateTime {
  if (typeof text !== 'string') throw pyError('TypeError', 'fromisoformat: argument must be str')
  const match = /^(\d{4}-\d\d-\d\d|\d{8}|\d{4}-?W\d\d(?:-?\d)?)(?:[\s\S](.+))?$/.exec(text)
  const date = match ? parseIsoDate(match[1]!) : undefined
  const rest = match?.[2]
  const time = rest === undefined ? { time: MIDNIGHT, tz: undefined } : parseIsoTime(rest)
  if (!date || !time) throw pyError('ValueError', `Invalid isoformat string: '${text}'`)
  return new PyDateTime(date, time.time, time.tz)
}

function fromTimestamp(seconds: Value, tz: PyTzInfo | undefined): PyDateTime {
  const number = asNumeric(seconds)
  if (number === undefined)
    throw pyError('TypeError', `'${typeName(seconds)}' object cannot be interpreted as an integer`)
  const micros = BigInt(Math.round(Number(number) * 1e6))
  if (tz) return PyDateTime.fromEpoch(micros, tz)
  const local = PyDateTime.fromEpoch(micros, localZone(new Date(Number(micros / 1000n))))
  return new PyDateTime(local, local, undefined)
}

function localNow(date: Date): PyDateTime {
  const time = {
    hour: date.getHours(),
    minute: date.getMinutes(),
    second: date.getSeconds(),
    microsecond: date.getMilliseconds() * 1000,
  }
  return new PyDateTime(localDate(date), time, undefined)
}

/** The class `datetime`, reading the time from `clock`. */
export function datetimeType(clock: Clock): PyType {
  const now = (tz: PyTzInfo | undefined): PyDateTime => (tz ? PyDateTime.fromDate(clock(), tz) : localNow(clock()))
  const naiveUtc = (d: PyDateTime): PyDateTime => new PyDateTime(d, d, undefined)
  const members: ReadonlyMap<string, Value> = new Map<string, Value>([
    ['now', (args, kwargs) => now(zoneArgument(bindArguments('now', ['tz'], args, kwargs, { tz: null })[0]))],
    ['today', () => now(undefined)],
    ['utcnow', () => naiveUtc(PyDateTime.fromDate(clock()))],
    [
      'fromtimestamp',
      (args, kwargs) => {
        const [seconds, tz] = bindArguments('fromtimestamp', ['timestamp', 'tz'], args, kwargs, { tz: null })
        return fromTimestamp(seconds, zoneArgument(tz))
      },
    ],
    ['utcfromtimestamp', ([seconds]) => naiveUtc(fromTimestamp(seconds, UTC))],
    ['fromisoformat', ([text]) => parseIso(text)],
    ['fromordinal', ([ordinal]) => new PyDateTime(fromOrdinal(intArgument(ordinal)), MIDNIGHT, undefined)],
    [
      'fromisocalendar',
      ([year, week, day]) =>
        new PyDateTime(fromIsoWeek(intArgument(year), intArgument(week), intArgument(day)), MIDNIGHT, undefined),
    ],
    [
      'strptime',
      (args) => {
        const [text, format] = bindArguments('strptime', ['date_string', 'format'], args, {})
        if (typeof text !== 'string' || typeof format !== 'string')
          throw pyError('TypeError', `strptime() argument 1 must be str, not ${typeName(text)}`)
        const m = parseMoment(text, format)
        return new PyDateTime(m, m, m.offsetSeconds === undefined ? undefined : fixedOffset(m.offsetSeconds))
      },
    ],
    [
      'combine',
      (args, kwargs) => {
        const [date, time, tz] = bindArguments('combine', ['date', 'time', 'tzinfo'], args, kwargs, { tzinfo: true })
        if (!(date instanceof PyDate || date instanceof PyDateTime))
          throw pyError('TypeError', `combine() argument 1 must be datetime.date, not ${typeName(date)}`)
        if (!(time instanceof PyTime))
          throw pyError('TypeError', `combine() argument 2 must be datetime.time, not ${typeName(time)}`)
        return new PyDateTime(date, time, tz === true ? time.tz : zoneArgument(tz))
      },
    ],
    ['min', new PyDateTime({ year: 1, month: 1, day: 1 }, MIDNIGHT, undefined)],
    [
      'max',
      new PyDateTime(
        { year: 9999, month: 12, day: 31 },
        { hour: 23, minute: 59, second: 59, microsecond: 999_999 },
        undefined,
      ),
    ],
    ['resolution', new PyTimedelta(1n)],
  ])
  return new PyType(
    'datetime',
    'datetime',
    (args, kwargs) => {
      const defaults = { hour: 0, minute: 0, second: 0, microsecond: 0, tzinfo: null, fold: 0 }
      return makeDateTime(bindArguments('datetime', FIELDS, args, kwargs, defaults))
    },
    () => members,
  )
}

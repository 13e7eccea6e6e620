import { bindArguments } from '../values/arguments.js'
import { pyError } from '../values/errors.js'
import { intArgument } from '../values/methods/method.js'
import * as py from '../values/py.js'
import { toStr } from '../values/text.js'
import type { HostObject, Kwargs, Value } from '../values/value.js'
import { PyType } from './py-type.js'
import { formatMoment, isoTime, type Moment } from './strftime.js'
import { parseOffset } from './strptime.js'
import { PyTimedelta } from './timedelta.js'
import { fixedOffset, formatOffset, PyTzInfo } from './timezone.js'

/** A time of day. */
export interface ClockTime {
  readonly hour: number
  readonly minute: number
  readonly second: number
  readonly microsecond: number
}

export const MIDNIGHT: ClockTime = { hour: 0, minute: 0, second: 0, microsecond: 0 }

/** Throws Python's ValueErrors for a time that does not exist. */
export function checkTime(time: ClockTime): void {
  const { hour, minute, second, microsecond } = time
  if (hour < 0 || hour > 23) throw pyError('ValueError', 'hour must be in 0..23')
  if (minute < 0 || minute > 59) throw pyError('ValueError', 'minute must be in 0..59')
  if (second < 0 || second > 59) throw pyError('ValueError', 'second must be in 0..59')
  if (microsecond < 0 || microsecond > 999_999) throw pyError('ValueError', 'microsecond must be in 0..999999')
}

/** A tzinfo argument: one of ours, or None. */
export function zoneArgument(value: Value): PyTzInfo | undefined {
  if (value === null || value === undefined) return undefined
  if (value instanceof PyTzInfo) return value
  throw pyError('TypeError', `tzinfo argument must be None or of a tzinfo subclass, not type '${toStr(value)}'`)
}

const PARAMS = ['hour', 'minute', 'second', 'microsecond', 'tzinfo', 'fold'] as const

/** Python's time. */
export class PyTime implements HostObject, ClockTime {
  readonly [py.typeName] = 'datetime.time'
  readonly hour: number
  readonly minute: number
  readonly second: number
  readonly microsecond: number

  constructor(
    time: ClockTime,
    readonly tz: PyTzInfo | undefined,
  ) {
    checkTime(time)
    this.hour = time.hour
    this.minute = time.minute
    this.second = time.second
    this.microsecond = time.microsecond
  }

  get moment(): Moment {
    const { hour, minute, second, microsecond, tz } = this
    const zone = tz?.offset
    return {
      year: 1900,
      month: 1,
      day: 1,
      hour,
      minute,
      second,
      microsecond,
      offsetSeconds: zone?.offsetSeconds,
      zoneName: zone?.name,
    }
  }

  get #micros(): number {
    return ((this.hour * 60 + this.minute) * 60 + this.second) * 1e6 + this.microsecond
  }

  [py.getattr](name: string): Value {
    switch (name) {
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
    const method = TIME_METHODS[name]
    return method && ((args, kwargs) => method(this, args, kwargs))
  }

  iso(timespec = 'auto'): string {
    return isoTime(this, timespec) + (this.tz ? formatOffset(this.tz.offset.offsetSeconds, ':') : '')
  }

  [py.eq](other: Value): boolean {
    return other instanceof PyTime && other.#micros === this.#micros
  }

  [py.lt](other: Value): boolean | undefined {
    return other instanceof PyTime ? this.#micros < other.#micros : undefined
  }

  [py.hash](): string {
    return `time${this.iso()}`
  }

  [py.str](): string {
    return this.iso()
  }

  [py.repr](): string {
    const { hour, minute, second, microsecond, tz } = this
    const parts = [hour, minute]
    if (second !== 0 || microsecond !== 0) parts.push(second)
    if (microsecond !== 0) parts.push(microsecond)
    return `datetime.time(${parts.join(', ')}${tz ? `, tzinfo=${tz[py.repr]()}` : ''})`
  }

  [py.format](spec: string): string {
    return spec === '' ? this.iso() : formatMoment(this.moment, spec)
  }
}

const TIME_METHODS: Readonly<Record<string, (self: PyTime, args: readonly Value[], kwargs: Kwargs) => Value>> = {
  isoformat: (self, args, kwargs) => {
    const [timespec] = bindArguments('isoformat', ['timespec'], args, kwargs, { timespec: 'auto' })
    return self.iso(toStr(timespec))
  },
  strftime: (self, args) => formatMoment(self.moment, toStr(args[0])),
  utcoffset: (self) => (self.tz ? PyTimedelta.ofSeconds(self.tz.offset.offsetSeconds) : null),
  tzname: (self) => self.tz?.offset.name ?? null,
  dst: (self) => (self.tz ? PyTimedelta.ofSeconds(self.tz.offset.dstSeconds) : null),
  replace: (self, args, kwargs) => {
    const { hour, minute, second, microsecond, tz } = self
    const defaults = { hour, minute, second, microsecond, tzinfo: tz ?? null, fold: 0 }
    return makeTime(bindArguments('replace', PARAMS, args, kwargs, defaults))
  },
}

function makeTime([hour, minute, second, microsecond, tzinfo]: readonly Value[]): PyTime {
  const time = {
    hour: intArgument(hour),
    minute: intArgument(minute),
    second: intArgument(second),
    microsecond: intArgument(microsecond),
  }
  return new PyTime(time, zoneArgument(tzinfo))
}

const ISO_TIME = /^(\d\d)(?::?(\d\d)(?::?(\d\d)(?:[.,](\d{1,6})\d*)?)?)?(Z|[+-]\d\d(?::?\d\d(?::?\d\d(?:\.\d+)?)?)?)?$/

/** The time in a text like `13:05`, `130500.25`, `13:05:00+02:00`. */
export function parseIsoTime(text: string): { time: ClockTime; tz: PyTzInfo | undefined } | undefined {
  const match = ISO_TIME.exec(text)
  if (!match) return undefined
  const [, hour, minute, second, fraction, zone] = match
  const time = {
    hour: Number(hour),
    minute: Number(minute ?? 0),
    second: Number(second ?? 0),
    microsecond: Number((fraction ?? '').padEnd(6, '0')),
  }
  return { time, tz: zone === undefined ? undefined : fixedOffset(parseOffset(zone)) }
}

const MEMBERS: ReadonlyMap<string, Value> = new Map<string, Value>([
  [
    'fromisoformat',
    ([text]) => {
      const parsed = parseIsoTime(toStr(text).replace(/^T/, ''))
      if (!parsed) throw pyError('ValueError', `Invalid isoformat string: '${toStr(text)}'`)
      return new PyTime(parsed.time, parsed.tz)
    },
  ],
  ['min', new PyTime(MIDNIGHT, undefined)],
  ['max', new PyTime({ hour: 23, minute: 59, second: 59, microsecond: 999_999 }, undefined)],
  ['resolution', new PyTimedelta(1n)],
])

/** The class `time`. */
export const TIME_TYPE = new PyType(
  'datetime',
  'time',
  (args, kwargs) => {
    const defaults = { hour: 0, minute: 0, second: 0, microsecond: 0, tzinfo: null, fold: 0 }
    return makeTime(bindArguments('time', PARAMS, args, kwargs, defaults))
  },
  () => MEMBERS,
)

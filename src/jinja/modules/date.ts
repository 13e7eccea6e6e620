import { bindArguments } from '../values/arguments.js'
import { pyError } from '../values/errors.js'
import { intArgument } from '../values/methods/method.js'
import { asNumeric } from '../values/numbers.js'
import * as py from '../values/py.js'
import { toStr } from '../values/text.js'
import { tuple } from '../values/tuple.js'
import type { ArithmeticOperator, HostObject, Kwargs, Value } from '../values/value.js'
import { type CalendarDate, checkDate, DAY, fromOrdinal, isoCalendar, isoDate, toOrdinal, weekday } from './calendar.js'
import { PyType } from './py-type.js'
import { formatMoment, momentOf } from './strftime.js'
import { PyTimedelta } from './timedelta.js'

/** The clock `today()` and `now()` read. */
export type Clock = () => Date

/** Python's date. */
export class PyDate implements HostObject, CalendarDate {
  readonly [py.typeName] = 'datetime.date'

  constructor(
    readonly year: number,
    readonly month: number,
    readonly day: number,
  ) {
    checkDate(this)
  }

  static of(date: CalendarDate): PyDate {
    return new PyDate(date.year, date.month, date.day)
  }

  [py.getattr](name: string): Value {
    if (name === 'year' || name === 'month' || name === 'day') return this[name]
    const method = DATE_METHODS[name]
    return method && ((args, kwargs) => method(this, args, kwargs))
  }

  [py.arithmetic](operator: ArithmeticOperator, other: Value, reflected: boolean): Value {
    if (other instanceof PyTimedelta && (operator === '+' || (operator === '-' && !reflected)))
      return PyDate.of(fromOrdinal(toOrdinal(this) + (operator === '+' ? other.days : -other.days)))
    if (other instanceof PyDate && operator === '-' && !reflected)
      return new PyTimedelta(BigInt(toOrdinal(this) - toOrdinal(other)) * DAY)
    return undefined
  }

  [py.eq](other: Value): boolean {
    return other instanceof PyDate && toOrdinal(other) === toOrdinal(this)
  }

  [py.lt](other: Value): boolean | undefined {
    return other instanceof PyDate ? toOrdinal(this) < toOrdinal(other) : undefined
  }

  [py.hash](): string {
    return `date${isoDate(this)}`
  }

  [py.str](): string {
    return isoDate(this)
  }

  /** ISO text, as dbt's JSON has it. */
  toJSON(): string {
    return isoDate(this)
  }

  [py.repr](): string {
    return `datetime.date(${this.year}, ${this.month}, ${this.day})`
  }

  [py.format](spec: string): string {
    return spec === '' ? isoDate(this) : formatMoment(momentOf(this), spec)
  }
}

type DateMethod = (self: CalendarDate, args: readonly Value[], kwargs: Kwargs) => Value

/** The methods date and datetime have in common. */
export const CALENDAR_METHODS: Readonly<Record<string, DateMethod>> = {
  weekday: (self) => weekday(self),
  isoweekday: (self) => weekday(self) + 1,
  isocalendar: (self) => {
    const { year, week, day } = isoCalendar(self)
    return new IsoCalendarDate(year, week, day)
  },
  toordinal: (self) => toOrdinal(self),
}

const DATE_METHODS: Readonly<Record<string, DateMethod>> = {
  ...CALENDAR_METHODS,
  isoformat: (self) => isoDate(self),
  strftime: (self, args) => formatMoment(momentOf(self), toStr(args[0])),
  ctime: (self) => formatMoment(momentOf(self), '%a %b %e %H:%M:%S %Y'),
  replace: (self, args, kwargs) => {
    const [year, month, day] = bindArguments('replace', DATE_PARAMS, args, kwargs, { ...self }).map(intArgument)
    return new PyDate(year!, month!, day!)
  },
  timetuple: (self) => tuple([self.year, self.month, self.day, 0, 0, 0, weekday(self)]),
}

const DATE_PARAMS = ['year', 'month', 'day'] as const

/** What `isocalendar()` gives: a triple with names. */
class IsoCalendarDate implements HostObject {
  readonly [py.typeName] = 'datetime.IsoCalendarDate'

  constructor(
    readonly year: number,
    readonly week: number,
    readonly day: number,
  ) {}

  get #items(): number[] {
    return [this.year, this.week, this.day]
  }

  [py.getattr](name: string): Value {
    if (name === 'year') return this.year
    if (name === 'week') return this.week
    return name === 'weekday' ? this.day : undefined
  }

  [py.getitem](key: Value): Value {
    return typeof key === 'number' ? this.#items.at(key) : undefined
  }

  [py.iter](): Iterable<Value> {
    return this.#items
  }

  [py.len](): number {
    return 3
  }

  [py.eq](other: Value): boolean {
    return Array.isArray(other) && other.length === 3 && this.#items.every((n, i) => n === other[i])
  }

  [py.str](): string {
    return `datetime.IsoCalendarDate(year=${this.year}, week=${this.week}, weekday=${this.day})`
  }
}

/** The date in a text like `2024-02-29`, `20240229`, `2024-W09-4`. */
export function parseIsoDate(text: string): CalendarDate | undefined {
  const plain = /^(\d{4})-(\d\d)-(\d\d)$/.exec(text) ?? /^(\d{4})(\d\d)(\d\d)$/.exec(text)
  if (plain) return { year: Number(plain[1]), month: Number(plain[2]), day: Number(plain[3]) }
  const week = /^(\d{4})-?W(\d\d)(?:-?(\d))?$/.exec(text)
  return week ? fromIsoWeek(Number(week[1]), Number(week[2]), Number(week[3] ?? 1)) : undefined
}

/** The date of an ISO week and weekday. */
export function fromIsoWeek(year: number, week: number, day: number): CalendarDate {
  if (week < 1 || week > 53) throw pyError('ValueError', `Invalid week: ${week}`)
  if (day < 1 || day > 7) throw pyError('ValueError', `Invalid weekday: ${day} (range is [1, 7])`)
  const fourth = toOrdinal({ year, month: 1, day: 4 })
  return fromOrdinal(fourth - ((fourth + 6) % 7) + (week - 1) * 7 + day - 1)
}

/** The local date of a JS Date. */
export function localDate(date: Date): CalendarDate {
  return { year: date.getFullYear(), month: date.getMonth() + 1, day: date.getDate() }
}

/** The class `date`. */
export function dateType(clock: Clock): PyType {
  const members: ReadonlyMap<string, Value> = new Map<string, Value>([
    ['today', () => PyDate.of(localDate(clock()))],
    [
      'fromisoformat',
      ([text]) => {
        if (typeof text !== 'string') throw pyError('TypeError', 'fromisoformat: argument must be str')
        const date = parseIsoDate(text)
        if (!date) throw pyError('ValueError', `Invalid isoformat string: '${text}'`)
        return PyDate.of(date)
      },
    ],
    ['fromordinal', ([ordinal]) => PyDate.of(fromOrdinal(intArgument(ordinal)))],
    ['fromtimestamp', ([seconds]) => PyDate.of(localDate(new Date(Number(asNumeric(seconds)) * 1000)))],
    [
      'fromisocalendar',
      ([year, week, day]) => PyDate.of(fromIsoWeek(intArgument(year), intArgument(week), intArgument(day))),
    ],
    ['min', new PyDate(1, 1, 1)],
    ['max', new PyDate(9999, 12, 31)],
    ['resolution', new PyTimedelta(DAY)],
  ])
  return new PyType(
    'datetime',
    'date',
    (args, kwargs) => {
      const [year, month, day] = bindArguments('date', DATE_PARAMS, args, kwargs).map(intArgument)
      return new PyDate(year!, month!, day!)
    },
    () => members,
  )
}

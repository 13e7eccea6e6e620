import { bindArguments } from '../values/arguments.js'
import { pyError } from '../values/errors.js'
import { PyFloat } from '../values/float.js'
import { typeName } from '../values/kinds.js'
import { asNumeric, normalizeInt } from '../values/numbers.js'
import * as py from '../values/py.js'
import type { ArithmeticOperator, HostObject, Value } from '../values/value.js'
import { DAY, pad } from './calendar.js'
import { PyType } from './py-type.js'

const SECOND = 1_000_000n

/** Python's timedelta: a length of time, to the microsecond. */
export class PyTimedelta implements HostObject {
  readonly [py.typeName] = 'datetime.timedelta'

  constructor(readonly micros: bigint) {
    if (this.days > 999_999_999 || this.days < -999_999_999)
      throw pyError('OverflowError', `days=${this.days}; must have magnitude <= 999999999`)
  }

  static ofSeconds(seconds: number): PyTimedelta {
    return new PyTimedelta(BigInt(Math.round(seconds * 1e6)))
  }

  get days(): number {
    const rest = this.micros % DAY
    return Number((this.micros - rest) / DAY) - (rest < 0n ? 1 : 0)
  }

  /** Microseconds beyond the full days: 0 to a day. */
  get #rest(): bigint {
    const rest = this.micros % DAY
    return rest < 0n ? rest + DAY : rest
  }

  get seconds(): number {
    return Number(this.#rest / SECOND)
  }

  get microseconds(): number {
    return Number(this.#rest % SECOND)
  }

  totalSeconds(): number {
    return Number(this.micros) / 1e6
  }

  [py.getattr](name: string): Value {
    switch (name) {
      case 'days':
      case 'seconds':
      case 'microseconds':
        return this[name]
      case 'total_seconds':
        return () => new PyFloat(this.totalSeconds())
      default:
        return undefined
    }
  }

  [py.arithmetic](operator: ArithmeticOperator, other: Value, reflected: boolean): Value {
    if (other instanceof PyTimedelta)
      return this.#withTimedelta(operator, reflected ? other : this, reflected ? this : other)
    const number = asNumeric(other)
    if (number === undefined) return undefined
    if (operator === '*') {
      if (!(number instanceof PyFloat)) return new PyTimedelta(this.micros * BigInt(number))
      return new PyTimedelta(roundedProduct(this.micros, number.value))
    }
    if (reflected || (operator !== '/' && operator !== '//')) return undefined
    if (Number(number) === 0) throw pyError('ZeroDivisionError', 'integer division or modulo by zero')
    if (operator === '/') return new PyTimedelta(BigInt(roundHalfEven(Number(this.micros) / Number(number))))
    return number instanceof PyFloat ? undefined : new PyTimedelta(floorDivide(this.micros, BigInt(number)))
  }

  #withTimedelta(operator: ArithmeticOperator, a: PyTimedelta, b: PyTimedelta): Value {
    switch (operator) {
      case '+':
        return new PyTimedelta(a.micros + b.micros)
      case '-':
        return new PyTimedelta(a.micros - b.micros)
      case '/':
        if (b.micros === 0n) throw pyError('ZeroDivisionError', 'division by zero')
        return new PyFloat(Number(a.micros) / Number(b.micros))
      case '//':
        return normalizeInt(floorDivide(a.micros, b.micros))
      case '%':
        return new PyTimedelta(a.micros - floorDivide(a.micros, b.micros) * b.micros)
      default:
        return undefined
    }
  }

  [py.eq](other: Value): boolean {
    return other instanceof PyTimedelta && other.micros === this.micros
  }

  [py.lt](other: Value): boolean | undefined {
    return other instanceof PyTimedelta ? this.micros < other.micros : undefined
  }

  [py.hash](): string {
    return `timedelta${this.micros}`
  }

  [py.bool](): boolean {
    return this.micros !== 0n
  }

  [py.str](): string {
    const { days, seconds, microseconds } = this
    const clock = `${Math.floor(seconds / 3600)}:${pad(Math.floor(seconds / 60) % 60, 2)}:${pad(seconds % 60, 2)}`
    const fraction = microseconds === 0 ? '' : `.${pad(microseconds, 6)}`
    const prefix = days === 0 ? '' : `${days} day${Math.abs(days) === 1 ? '' : 's'}, `
    return prefix + clock + fraction
  }

  [py.repr](): string {
    const parts = (['days', 'seconds', 'microseconds'] as const).filter((p) => this[p] !== 0)
    return `datetime.timedelta(${parts.length === 0 ? '0' : parts.map((p) => `${p}=${this[p]}`).join(', ')})`
  }
}

function floorDivide(a: bigint, b: bigint): bigint {
  if (b === 0n) throw pyError('ZeroDivisionError', 'integer division or modulo by zero')
  const rest = a % b
  return (a - rest) / b - (rest !== 0n && rest < 0n !== b < 0n ? 1n : 0n)
}

function roundedProduct(micros: bigint, factor: number): bigint {
  return BigInt(roundHalfEven(Number(micros) * factor))
}

function roundHalfEven(value: number): number {
  const floor = Math.floor(value)
  const rest = value - floor
  return rest > 0.5 || (rest === 0.5 && floor % 2 !== 0) ? floor + 1 : floor
}

const UNITS: readonly (readonly [name: string, micros: number])[] = [
  ['days', 86_400_000_000],
  ['seconds', 1_000_000],
  ['microseconds', 1],
  ['milliseconds', 1000],
  ['minutes', 60_000_000],
  ['hours', 3_600_000_000],
  ['weeks', 604_800_000_000],
]
const UNIT_NAMES = UNITS.map(([name]) => name)
const NO_TIME = Object.fromEntries(UNIT_NAMES.map((name) => [name, 0]))

/** The class `timedelta`. */
export const TIMEDELTA_TYPE = new PyType(
  'datetime',
  'timedelta',
  (args, kwargs) => {
    const values = bindArguments('timedelta', UNIT_NAMES, args, kwargs, NO_TIME)
    let total = 0n
    for (let i = 0; i < UNITS.length; i++) {
      const [name, micros] = UNITS[i]!
      const number = asNumeric(values[i])
      if (number === undefined) {
        const message = `unsupported type for timedelta ${name} component: ${typeName(values[i])}`
        throw pyError('TypeError', message)
      }
      total +=
        number instanceof PyFloat ? BigInt(roundHalfEven(number.value * micros)) : BigInt(number) * BigInt(micros)
    }
    return new PyTimedelta(total)
  },
  () => TIMEDELTA_MEMBERS,
)

const TIMEDELTA_MEMBERS: ReadonlyMap<string, Value> = new Map<string, Value>([
  ['min', new PyTimedelta(-999_999_999n * DAY)],
  ['max', new PyTimedelta(999_999_999n * DAY + DAY - 1n)],
  ['resolution', new PyTimedelta(1n)],
])

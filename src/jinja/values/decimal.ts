import { pyError } from './errors.js'
import { PyFloat } from './float.js'
import { formatValue } from './format-spec.js'
import { asNumeric } from './numbers.js'
import * as py from './py.js'
import type { ArithmeticOperator, HostObject, Value } from './value.js'

/** Digits Python's default context keeps. */
const PRECISION = 28
const TEXT = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d+))?$/

/** Python's Decimal: what numeric columns hold. Keeps its trailing zeros: `1.50` prints as `1.50`. */
export class PyDecimal implements HostObject {
  readonly [py.typeName] = 'decimal.Decimal'

  constructor(
    readonly coefficient: bigint,
    readonly exponent: number,
  ) {}

  /** From text like `-1.50` or `1E+3`. Throws a ValueError for anything else. */
  static parse(text: string): PyDecimal {
    const match = TEXT.exec(text.trim())
    if (!match || (match[2] === '' && !match[3])) throw pyError('ValueError', `[<class 'decimal.ConversionSyntax'>]`)
    const [, sign, whole = '', fraction = '', exponent] = match
    const digits = BigInt(whole + fraction)
    return new PyDecimal(sign === '-' ? -digits : digits, Number(exponent ?? 0) - fraction.length)
  }

  toNumber(): number {
    return Number(this[py.str]())
  }

  [py.getattr](name: string): Value {
    switch (name) {
      case 'normalize':
        return () => stripZeros(this, Number.POSITIVE_INFINITY)
      case 'is_nan':
      case 'is_infinite':
        return () => false
      case 'is_zero':
        return () => this.coefficient === 0n
      case 'as_integer_ratio':
      case 'to_integral_value':
        return () => roundTo(this, 0)
      case 'quantize':
        return ([other]) => roundTo(this, decimalOf(other)?.exponent ?? 0)
      case 'real':
        return this
      default:
        return undefined
    }
  }

  [py.arithmetic](operator: ArithmeticOperator, value: Value, reflected: boolean): Value {
    const other = value instanceof PyFloat ? undefined : decimalOf(value)
    if (!other) return undefined
    const [a, b] = reflected ? [other, this] : [this, other]
    switch (operator) {
      case '+':
        return limited(sum(a, b))
      case '-':
        return limited(sum(a, new PyDecimal(-b.coefficient, b.exponent)))
      case '*':
        return limited(new PyDecimal(a.coefficient * b.coefficient, a.exponent + b.exponent))
      case '/':
        return quotient(a, b)
      case '//':
        return new PyDecimal(wholeQuotient(a, b), 0)
      case '%': {
        const taken = new PyDecimal(-wholeQuotient(a, b) * b.coefficient, b.exponent)
        return limited(sum(a, taken))
      }
      case '**':
        if (b.exponent < 0 || b.coefficient < 0n) return new PyFloat(a.toNumber() ** b.toNumber())
        return limited(new PyDecimal(a.coefficient ** BigInt(b.toNumber()), a.exponent * b.toNumber()))
    }
  }

  [py.eq](other: Value): boolean {
    const decimal = decimalOf(other)
    return decimal !== undefined && compare(this, decimal) === 0
  }

  [py.lt](other: Value): boolean | undefined {
    const decimal = decimalOf(other)
    return decimal && compare(this, decimal) < 0
  }

  [py.hash](): string {
    const plain = stripZeros(this, Number.POSITIVE_INFINITY)
    return `decimal${plain.coefficient}e${plain.exponent}`
  }

  [py.bool](): boolean {
    return this.coefficient !== 0n
  }

  [py.number](): number {
    return this.toNumber()
  }

  [py.str](): string {
    const digits = (this.coefficient < 0n ? -this.coefficient : this.coefficient).toString()
    const sign = this.coefficient < 0n ? '-' : ''
    const adjusted = this.exponent + digits.length - 1
    if (this.exponent > 0 || adjusted < -6) {
      const mantissa = digits.length === 1 ? digits : `${digits[0]}.${digits.slice(1)}`
      return `${sign}${mantissa}E${adjusted < 0 ? '' : '+'}${adjusted}`
    }
    if (this.exponent === 0) return sign + digits
    const padded = digits.padStart(-this.exponent + 1, '0')
    return `${sign}${padded.slice(0, this.exponent)}.${padded.slice(this.exponent)}`
  }

  [py.repr](): string {
    return `Decimal('${this[py.str]()}')`
  }

  [py.format](spec: string): string {
    return spec === '' ? this[py.str]() : formatValue(new PyFloat(this.toNumber()), spec)
  }
}

/** A number as a Decimal; a float by its shortest digits. */
function decimalOf(value: Value): PyDecimal | undefined {
  if (value instanceof PyDecimal) return value
  const number = asNumeric(value)
  if (number === undefined) return undefined
  if (!(number instanceof PyFloat)) return new PyDecimal(BigInt(number), 0)
  return Number.isFinite(number.value) ? PyDecimal.parse(String(number.value)) : undefined
}

function aligned(a: PyDecimal, b: PyDecimal): [bigint, bigint, number] {
  const exponent = Math.min(a.exponent, b.exponent)
  const scale = (d: PyDecimal): bigint => d.coefficient * 10n ** BigInt(d.exponent - exponent)
  return [scale(a), scale(b), exponent]
}

function compare(a: PyDecimal, b: PyDecimal): number {
  const [x, y] = aligned(a, b)
  return x < y ? -1 : x > y ? 1 : 0
}

function sum(a: PyDecimal, b: PyDecimal): PyDecimal {
  const [x, y, exponent] = aligned(a, b)
  return new PyDecimal(x + y, exponent)
}

function wholeQuotient(a: PyDecimal, b: PyDecimal): bigint {
  const [x, y] = aligned(a, b)
  if (y === 0n) throw divisionByZero()
  return x / y
}

function quotient(a: PyDecimal, b: PyDecimal): PyDecimal {
  if (b.coefficient === 0n) throw divisionByZero()
  const digits = (n: bigint): number => (n < 0n ? -n : n).toString().length
  const shift = Math.max(0, PRECISION + 2 + digits(b.coefficient) - digits(a.coefficient))
  const scaled = a.coefficient * 10n ** BigInt(shift)
  const exact = scaled % b.coefficient === 0n
  // A last digit of 1 stands for the rest of an endless quotient: it decides the rounding, no more.
  const result = (scaled / b.coefficient) * 10n + (exact ? 0n : scaled < 0n === b.coefficient < 0n ? 1n : -1n)
  return stripZeros(limited(new PyDecimal(result, a.exponent - b.exponent - shift - 1)), a.exponent - b.exponent)
}

function divisionByZero(): Error {
  return pyError('ZeroDivisionError', "[<class 'decimal.DivisionByZero'>]")
}

/** At most 28 digits, half to even. */
function limited(value: PyDecimal): PyDecimal {
  const digits = (value.coefficient < 0n ? -value.coefficient : value.coefficient).toString().length
  return digits <= PRECISION ? value : roundTo(value, value.exponent + digits - PRECISION)
}

/** Rounded to a multiple of 10^exponent, half to even. */
export function roundTo(value: PyDecimal, exponent: number): PyDecimal {
  if (value.exponent >= exponent)
    return new PyDecimal(value.coefficient * 10n ** BigInt(value.exponent - exponent), exponent)
  const unit = 10n ** BigInt(exponent - value.exponent)
  const negative = value.coefficient < 0n
  const size = negative ? -value.coefficient : value.coefficient
  const whole = size / unit
  const twice = (size % unit) * 2n
  const rounded = twice > unit || (twice === unit && whole % 2n === 1n) ? whole + 1n : whole
  return new PyDecimal(negative ? -rounded : rounded, exponent)
}

/** Without trailing zeros, as far as an exponent. */
function stripZeros(value: PyDecimal, until: number): PyDecimal {
  let { coefficient, exponent } = value
  if (coefficient === 0n) return new PyDecimal(0n, Math.min(until, 0))
  while (exponent < until && coefficient % 10n === 0n) {
    coefficient /= 10n
    exponent++
  }
  return new PyDecimal(coefficient, exponent)
}

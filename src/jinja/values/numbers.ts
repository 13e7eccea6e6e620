import { PyFloat } from './float.js'
import type { Value } from './value.js'

/** A number as arithmetic sees it: an int (number or bigint) or a float. */
export type Numeric = number | bigint | PyFloat

/** The number a value is (bools are 0 and 1, fractional host numbers floats), or undefined when it is none. */
export function asNumeric(value: Value): Numeric | undefined {
  switch (typeof value) {
    case 'number':
      return Number.isSafeInteger(value) ? value : new PyFloat(value)
    case 'bigint':
      return value
    case 'boolean':
      return value ? 1 : 0
    default:
      return value instanceof PyFloat ? value : undefined
  }
}

/** The int a value is, as a JS number where it fits; undefined for anything but int and bool. */
export function asInt(value: Value): number | bigint | undefined {
  const number = asNumeric(value)
  return number instanceof PyFloat ? undefined : number
}

/** The value as a JS number, whatever numeric type it has; undefined when it is not a number. */
export function asJsNumber(value: Value): number | undefined {
  const number = asNumeric(value)
  if (number === undefined) return undefined
  return number instanceof PyFloat ? number.value : Number(number)
}

/** A bigint as the smallest representation of the same int. */
export function normalizeInt(value: bigint): number | bigint {
  const small = Number(value)
  return Number.isSafeInteger(small) ? small : value
}

/** `repr` of a float: shortest digits that read back the same, exponent from 1e16 and below 1e-4. */
export function formatFloat(value: number): string {
  if (Number.isNaN(value)) return 'nan'
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf'
  if (Object.is(value, -0)) return '-0.0'
  if (value === 0) return '0.0'
  const [digits = '0', exponent = '0'] = Math.abs(value).toExponential().split('e')
  const sign = value < 0 ? '-' : ''
  const power = Number(exponent)
  const mantissa = digits.replace('.', '')
  if (power < -4 || power >= 16) {
    const shown = mantissa.length === 1 ? mantissa : `${mantissa[0]}.${mantissa.slice(1)}`
    return `${sign}${shown}e${power < 0 ? '-' : '+'}${String(Math.abs(power)).padStart(2, '0')}`
  }
  if (power < 0) return `${sign}0.${'0'.repeat(-power - 1)}${mantissa}`
  if (mantissa.length <= power + 1) return `${sign}${mantissa.padEnd(power + 1, '0')}.0`
  return `${sign}${mantissa.slice(0, power + 1)}.${mantissa.slice(power + 1)}`
}

/** The exact value of a float as a fraction's digits: `toFixed` without its 1e21 limit and with round-half-even. */
export function roundHalfEven(value: number, digits: number): number {
  if (!Number.isFinite(value) || digits > 22) return value
  if (digits < 0) {
    const scale = 10 ** -digits
    const scaled = value / scale
    const floor = Math.floor(scaled)
    const rest = scaled - floor
    const rounded = rest > 0.5 || (rest === 0.5 && floor % 2 !== 0) ? floor + 1 : floor
    return rounded * scale
  }
  return Number(toFixedHalfEven(value, digits))
}

/** Decimal text of a float with so many digits after the point, exact ties to even, as C's printf does. */
export function toFixedHalfEven(value: number, digits: number): string {
  const [integer, fraction] = exactDecimal(Math.abs(value))
  const negative = value < 0 || Object.is(value, -0)
  const kept = fraction.slice(0, digits).padEnd(digits, '0')
  const rest = fraction.slice(digits)
  let number = BigInt(integer + kept)
  if (rest !== '' && roundsUp(rest, number)) number += 1n
  const text = number.toString().padStart(digits + 1, '0')
  const whole = text.slice(0, text.length - digits)
  return (negative ? '-' : '') + (digits === 0 ? whole : `${whole}.${text.slice(text.length - digits)}`)
}

/** Scientific text of a float with so many digits after the first, exact ties to even: `1.50e+03`. */
export function toExponentialHalfEven(value: number, digits: number): string {
  const negative = value < 0 || Object.is(value, -0)
  if (value === 0) return `${negative ? '-' : ''}0${digits > 0 ? '.' + '0'.repeat(digits) : ''}e+00`
  const [integer, fraction] = exactDecimal(Math.abs(value))
  const all = integer.replace(/^0+/, '') + fraction
  const significant = all.replace(/^0+/, '')
  let power = integer === '0' ? -(fraction.length - fraction.replace(/^0+/, '').length) - 1 : integer.length - 1
  const kept = significant.slice(0, digits + 1).padEnd(digits + 1, '0')
  const rest = significant.slice(digits + 1)
  let number = BigInt(kept)
  if (rest !== '' && roundsUp(rest, number)) number += 1n
  let text = number.toString()
  if (text.length > digits + 1) {
    text = text.slice(0, digits + 1)
    power += 1
  }
  const shown = digits === 0 ? text : `${text[0]}.${text.slice(1)}`
  const exponent = `${power < 0 ? '-' : '+'}${String(Math.abs(power)).padStart(2, '0')}`
  return `${negative ? '-' : ''}${shown}e${exponent}`
}

function roundsUp(rest: string, number: bigint): boolean {
  const first = rest.charCodeAt(0) - 48
  if (first !== 5) return first > 5
  return /[1-9]/.test(rest.slice(1)) || number % 2n === 1n
}

/** Every digit of a non-negative float's binary value: [integer part, fraction part]. */
function exactDecimal(value: number): [string, string] {
  if (Number.isInteger(value)) return [BigInt(value).toString(), '']
  const view = new DataView(new ArrayBuffer(8))
  view.setFloat64(0, value)
  const bits = view.getBigUint64(0)
  const biased = Number((bits >> 52n) & 0x7ffn)
  const mantissa = (bits & 0xfffffffffffffn) | (biased === 0 ? 0n : 0x10000000000000n)
  const power = 1075 - (biased === 0 ? 1 : biased)
  // value = mantissa / 2^power, and 1/2^power = 5^power / 10^power
  const digits = (mantissa * 5n ** BigInt(power)).toString().padStart(power + 1, '0')
  return [digits.slice(0, digits.length - power), digits.slice(digits.length - power).replace(/0+$/, '')]
}

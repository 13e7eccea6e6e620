import { toExponentialHalfEven, toFixedHalfEven } from './numbers.js'

/** Digits of a non-negative finite float for `g`: significant digits, exponent outside 1e-4 .. 10^precision. */
export function formatGeneral(value: number, precision: number, keepZeros: boolean): string {
  const digits = precision === 0 ? 1 : precision
  if (value === 0) return keepZeros && digits > 1 ? `0.${'0'.repeat(digits - 1)}` : '0'
  const scientific = toExponentialHalfEven(value, digits - 1)
  const split = scientific.indexOf('e')
  const power = Number(scientific.slice(split + 1))
  if (power < -4 || power >= digits) {
    const mantissa = scientific.slice(0, split)
    return (keepZeros ? mantissa : withoutTrailingZeros(mantissa)) + scientific.slice(split)
  }
  const fixed = toFixedHalfEven(value, Math.max(0, digits - 1 - power))
  return keepZeros ? fixed : withoutTrailingZeros(fixed)
}

function withoutTrailingZeros(text: string): string {
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text
}

/** Puts a separator between groups of digits, counted from the right. */
export function groupDigits(digits: string, separator: string, size: number): string {
  let out = ''
  for (let end = digits.length; end > 0; end -= size) {
    const group = digits.slice(Math.max(0, end - size), end)
    out = out === '' ? group : group + separator + out
  }
  return out
}

import { PyFloat, toStr, type Value } from '../jinja/index.js'

/**
 * A number given as a warehouse's or a seed's digits: an int when it is whole, else a float that prints the very digits
 * (`12.50`).
 */
export function decimalOf(digits: string): Value {
  const text = digits.startsWith('+') ? digits.slice(1) : digits
  if (/^-?\d+$/.test(text)) {
    const number = Number(text)
    return Number.isSafeInteger(number) ? number + 0 : BigInt(text)
  }
  const special = /^(-?)(?:inf(?:inity)?|s?nan\d*)$/i.exec(text)
  if (special !== null) return new PyFloat(/nan/i.test(text) ? Number.NaN : special[1] === '-' ? -Infinity : Infinity)
  const float = new PyFloat(Number(text))
  return toStr(float) === text ? float : new PyFloat(float.value, decimalText(text))
}

/** Python's way of printing a Decimal: what is written with an exponent keeps it, in capitals and with a sign. */
function decimalText(text: string): string {
  const match = /^(-?)(\d*)\.?(\d*)e([+-]?)(\d+)$/i.exec(text)
  if (match === null) return text.startsWith('.') ? `0${text}` : text.replace(/^-\./, '-0.')
  const [, sign, whole = '', fraction = '', exponentSign, exponentDigits] = match
  const digits = `${whole}${fraction}`.replace(/^0+(?=\d)/, '')
  const exponent = Number(`${exponentSign}${exponentDigits}`) - fraction.length
  const adjusted = exponent + digits.length - 1
  if (exponent <= 0 && adjusted >= -6) {
    const padded = digits.padStart(1 - exponent, '0')
    return exponent === 0 ? sign + padded : `${sign}${padded.slice(0, exponent)}.${padded.slice(exponent)}`
  }
  const mantissa = digits.length > 1 ? `${digits[0]}.${digits.slice(1)}` : digits
  return `${sign}${mantissa}E${adjusted < 0 ? '-' : '+'}${Math.abs(adjusted)}`
}

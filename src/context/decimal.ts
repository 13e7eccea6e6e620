import { PyDecimal, PyFloat, toStr, type Value } from '../jinja/index.js'

/** A number as agate holds it, by its digits: a Decimal; a float where a Decimal has no word (`inf`, `nan`). */
export function decimalOf(digits: string): Value {
  const special = /^([+-]?)(?:inf(?:inity)?|s?(nan)\d*)$/i.exec(digits)
  if (special === null) return PyDecimal.parse(digits)
  if (special[2] !== undefined) return new PyFloat(Number.NaN)
  return new PyFloat(special[1] === '-' ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY)
}

/** A warehouse's float as agate holds it: the Decimal of its shortest digits. */
export function decimalOfFloat(value: number): Value {
  return decimalOf(toStr(new PyFloat(value)))
}

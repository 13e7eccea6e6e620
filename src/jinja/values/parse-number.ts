import { normalizeInt } from './numbers.js'

const DIGITS: Readonly<Record<number, RegExp>> = {
  2: /^(?:0[bB])?[01](?:_?[01])*$/,
  8: /^(?:0[oO])?[0-7](?:_?[0-7])*$/,
  10: /^\d(?:_?\d)*$/,
  16: /^(?:0[xX])?[\da-fA-F](?:_?[\da-fA-F])*$/,
}

/** `int(text, base)`, or undefined where Python raises a ValueError. */
export function parseIntText(text: string, base = 10): number | bigint | undefined {
  const match = /^([+-]?)(.*)$/s.exec(text.trim())
  const sign = match?.[1] === '-' ? -1n : 1n
  const body = match?.[2] ?? ''
  const pattern = DIGITS[base]
  if (pattern) {
    if (!pattern.test(body)) return undefined
    const plain = body.replaceAll('_', '').replace(base === 10 ? /^0+(?=\d)/ : /^0[bBoOxX]/, '')
    const prefix = base === 10 ? '' : base === 2 ? '0b' : base === 8 ? '0o' : '0x'
    return normalizeInt(sign * BigInt(prefix + plain))
  }
  if (base < 2 || base > 36 || !/^[\da-zA-Z]+$/.test(body)) return undefined
  const value = Number.parseInt(body, base)
  return Number.isNaN(value) || value.toString(base) !== body.toLowerCase().replace(/^0+(?=.)/, '')
    ? undefined
    : normalizeInt(sign * BigInt(value))
}

const FLOAT = /^[+-]?(?:\d(?:_?\d)*\.?(?:\d(?:_?\d)*)?|\.\d(?:_?\d)*)(?:[eE][+-]?\d(?:_?\d)*)?$/

/** `float(text)`, or undefined where Python raises a ValueError. */
export function parseFloatText(text: string): number | undefined {
  const body = text.trim()
  if (FLOAT.test(body)) return Number(body.replaceAll('_', ''))
  const special = /^([+-]?)(inf|infinity|nan)$/i.exec(body)
  if (!special) return undefined
  if (special[2]!.toLowerCase() === 'nan') return Number.NaN
  return special[1] === '-' ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY
}

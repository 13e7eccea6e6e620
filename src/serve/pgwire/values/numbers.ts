import type { ByteWriter } from '../protocol/byte-writer.js'

/** A double as PostgreSQL prints it: the shortest digits that read back the same, `1e+15` from 15 digits on. */
export function floatText(value: number, single = false): string {
  if (Number.isNaN(value)) return 'NaN'
  if (value === Number.POSITIVE_INFINITY) return 'Infinity'
  if (value === Number.NEGATIVE_INFINITY) return '-Infinity'
  if (Object.is(value, -0)) return '-0'
  if (Number.isInteger(value) && Math.abs(value) < 1e6) return String(value)
  const size = Math.abs(value)
  // Here JavaScript prints the same digits in the same way.
  if (!single && size >= 1e-4 && size < 1e15) return String(value)
  const [digits, exponentText] = (single ? shortestSingle(value) : value).toExponential().split('e') as [string, string]
  const exponent = Number(exponentText)
  if (exponent >= -4 && exponent < (single ? 6 : 15)) return plain(digits, exponent)
  const places = Math.abs(exponent)
  return `${digits}e${exponent < 0 ? '-' : '+'}${places < 10 ? '0' : ''}${places}`
}

function plain(digits: string, exponent: number): string {
  const negative = digits.startsWith('-') ? '-' : ''
  const bare = digits.replace('-', '').replace('.', '')
  if (exponent < 0) return `${negative}0.${'0'.repeat(-exponent - 1)}${bare}`
  if (bare.length <= exponent + 1) return negative + bare.padEnd(exponent + 1, '0')
  return `${negative}${bare.slice(0, exponent + 1)}.${bare.slice(exponent + 1)}`
}

function shortestSingle(value: number): number {
  for (let digits = 6; digits < 9; digits++) {
    const shorter = Number(value.toPrecision(digits))
    if (Math.fround(shorter) !== Math.fround(value)) continue
    // Between two that are as near PostgreSQL takes the even one.
    const longer = value.toExponential(digits)
    const below = Number(longer.replace(/\d(?=e)/, ''))
    const isTie = Number(longer) === value && /[02468]5e/.test(longer)
    return isTie && Math.fround(below) === Math.fround(value) ? below : shorter
  }
  return Number(value.toPrecision(9))
}

const NEGATIVE = 0x4000
const NOT_A_NUMBER = 0xc000

/** Writes a decimal's text in the binary form of `numeric`: groups of four digits with the weight of the first. */
export function writeNumeric(out: ByteWriter, text: string): void {
  if (!/^[+-]?\d*\.?\d*(?:[eE][+-]?\d+)?$/.test(text) || !/\d/.test(text)) {
    for (const part of [0, 0, NOT_A_NUMBER, 0]) out.int16(part)
    return
  }
  const { negative, whole, fraction } = pieces(text)
  const left = whole.replace(/^0+/, '')
  const padded = left.padStart(Math.ceil(left.length / 4) * 4, '0')
  const right = fraction.padEnd(Math.ceil(fraction.length / 4) * 4, '0')
  const groups: number[] = []
  for (let i = 0; i < padded.length; i += 4) groups.push(Number(padded.slice(i, i + 4)))
  let weight = groups.length - 1
  for (let i = 0; i < right.length; i += 4) groups.push(Number(right.slice(i, i + 4)))
  while (groups.length > 0 && groups[0] === 0) {
    groups.shift()
    weight--
  }
  while (groups.length > 0 && groups.at(-1) === 0) groups.pop()
  if (groups.length === 0) weight = 0
  out.int16(groups.length)
  out.int16(weight)
  out.int16(negative && groups.length > 0 ? NEGATIVE : 0)
  out.int16(fraction.length)
  for (const group of groups) out.int16(group)
}

function pieces(text: string): { negative: boolean; whole: string; fraction: string } {
  const [mantissa, exponentText] = text.toLowerCase().split('e') as [string, string | undefined]
  const negative = mantissa.startsWith('-')
  const [whole = '', fraction = ''] = mantissa.replace(/^[+-]/, '').split('.')
  const exponent = Number(exponentText ?? 0)
  if (exponent === 0) return { negative, whole, fraction }
  const digits = whole + fraction
  const point = whole.length + exponent
  if (point <= 0) return { negative, whole: '', fraction: '0'.repeat(-point) + digits }
  return { negative, whole: digits.slice(0, point).padEnd(point, '0'), fraction: digits.slice(point) }
}

/** The text of a binary `numeric`. */
export function readNumeric(bytes: Buffer): string {
  const count = bytes.readInt16BE(0)
  const weight = bytes.readInt16BE(2)
  const sign = bytes.readUInt16BE(4)
  const scale = bytes.readUInt16BE(6)
  if (sign === NOT_A_NUMBER) return 'NaN'
  let whole = ''
  let fraction = ''
  for (let group = 0; group < Math.max(count, weight + 1); group++) {
    const digits = group < count ? String(bytes.readUInt16BE(8 + group * 2)).padStart(4, '0') : '0000'
    if (group <= weight) whole += digits
    else fraction += digits
  }
  if (weight < -1) fraction = '0000'.repeat(-weight - 1) + fraction
  fraction = fraction.padEnd(scale, '0').slice(0, scale)
  const number = (whole.replace(/^0+(?=\d)/, '') || '0') + (scale === 0 ? '' : '.' + fraction)
  return sign === NEGATIVE ? '-' + number : number
}

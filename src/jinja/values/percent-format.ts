import { pyError } from './errors.js'
import { PyFloat } from './float.js'
import { formatGeneral } from './format-number.js'
import { isHostObject, isMapping, typeName } from './kinds.js'
import { mappingGet, mappingHas } from './mapping.js'
import { asNumeric, toExponentialHalfEven, toFixedHalfEven } from './numbers.js'
import { toRepr, toStr } from './text.js'
import { PyTuple } from './tuple.js'
import type { Value } from './value.js'

const DIRECTIVE = /%(?:\(([^)]*)\))?([-#0 +]*)(\*|\d+)?(?:\.(\*|\d+)?)?[hlL]?([\s\S])?/g

interface Directive {
  readonly flags: string
  readonly width: number
  readonly precision: number | undefined
  readonly code: string
  readonly at: number
}

/** `format % values`, printf's way: `'%s has %05.2f' % (name, amount)` or `'%(name)s' % {...}`. */
export function formatPercent(format: string, values: Value): string {
  const list: readonly Value[] = values instanceof PyTuple ? values : [values]
  let used = 0
  const take = (): Value => {
    if (used >= list.length) throw pyError('TypeError', 'not enough arguments for format string')
    return list[used++]
  }
  let named = false
  const out = format.replace(DIRECTIVE, (text, name, flags, width, precision, code, at) => {
    if (code === undefined) throw pyError('ValueError', 'incomplete format')
    let value: Value
    if (name !== undefined) {
      if (!isMapping(values)) throw pyError('TypeError', 'format requires a mapping')
      if (!mappingHas(values, name)) throw pyError('KeyError', toRepr(name))
      value = mappingGet(values, name)
      named = true
    }
    const directive: Directive = {
      flags: flags ?? '',
      width: width === '*' ? Number(take()) : Number(width ?? 0),
      precision: precision === '*' ? Number(take()) : text.includes('.') ? Number(precision ?? 0) : undefined,
      code,
      at: at + text.length - 1,
    }
    if (code === '%') return '%'
    return formatDirective(directive, name === undefined ? take() : value)
  })
  if (!named && used < list.length && !countsAsMapping(values))
    throw pyError('TypeError', 'not all arguments converted during string formatting')
  return out
}

function countsAsMapping(values: Value): boolean {
  return isMapping(values) || (Array.isArray(values) && !(values instanceof PyTuple)) || isHostObject(values)
}

function formatDirective(d: Directive, value: Value): string {
  const left = d.flags.includes('-')
  switch (d.code) {
    case 's':
    case 'r':
    case 'a': {
      const text = d.code === 's' ? toStr(value) : toRepr(value)
      return pad(d.precision === undefined ? text : text.slice(0, d.precision), '', d.width, left, false)
    }
    case 'c': {
      const text = typeof value === 'string' ? value : String.fromCodePoint(Number(value))
      return pad(text, '', d.width, left, false)
    }
    case 'd':
    case 'i':
    case 'u':
    case 'o':
    case 'x':
    case 'X':
      return formatInteger(d, value, left)
    case 'e':
    case 'E':
    case 'f':
    case 'F':
    case 'g':
    case 'G':
      return formatReal(d, value, left)
    default: {
      const code = d.code.codePointAt(0)!.toString(16)
      throw pyError('ValueError', `unsupported format character '${d.code}' (0x${code}) at index ${d.at}`)
    }
  }
}

function formatInteger(d: Directive, value: Value, left: boolean): string {
  const number = asNumeric(value)
  const decimal = 'diu'.includes(d.code)
  if (number === undefined || (number instanceof PyFloat && !decimal)) {
    const wanted = decimal ? 'a real number is required' : 'an integer is required'
    throw pyError('TypeError', `%${d.code} format: ${wanted}, not ${typeName(value)}`)
  }
  const whole = number instanceof PyFloat ? BigInt(Math.trunc(number.value)) : BigInt(number)
  const radix = d.code === 'o' ? 8 : decimal ? 10 : 16
  let digits = (whole < 0n ? -whole : whole).toString(radix)
  if (d.code === 'X') digits = digits.toUpperCase()
  if (d.precision !== undefined) digits = digits.padStart(d.precision, '0')
  const prefix = d.flags.includes('#') && !decimal ? `0${d.code}` : ''
  return pad(digits, signOf(whole < 0n, d.flags) + prefix, d.width, left, d.flags.includes('0'))
}

function formatReal(d: Directive, value: Value, left: boolean): string {
  const number = asNumeric(value)
  if (number === undefined) throw pyError('TypeError', `must be real number, not ${typeName(value)}`)
  const real = Number(number)
  const precision = d.precision ?? 6
  const magnitude = Math.abs(real)
  let text: string
  if (!Number.isFinite(real)) text = Number.isNaN(real) ? 'nan' : 'inf'
  else if (d.code === 'f' || d.code === 'F') text = toFixedHalfEven(magnitude, precision)
  else if (d.code === 'e' || d.code === 'E') text = toExponentialHalfEven(magnitude, precision)
  else text = formatGeneral(magnitude, precision, d.flags.includes('#'))
  if ('EFG'.includes(d.code)) text = text.toUpperCase()
  return pad(text, signOf(real < 0 || Object.is(real, -0), d.flags), d.width, left, d.flags.includes('0'))
}

function signOf(negative: boolean, flags: string): string {
  if (negative) return '-'
  return flags.includes('+') ? '+' : flags.includes(' ') ? ' ' : ''
}

function pad(text: string, sign: string, width: number, left: boolean, zeros: boolean): string {
  const room = Math.abs(width) - Array.from(text).length - sign.length
  if (room <= 0) return sign + text
  if (left || width < 0) return sign + text + ' '.repeat(room)
  return zeros ? sign + '0'.repeat(room) + text : ' '.repeat(room) + sign + text
}

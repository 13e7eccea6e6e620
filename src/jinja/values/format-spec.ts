import { pyError } from './errors.js'
import { PyFloat } from './float.js'
import { formatGeneral, groupDigits } from './format-number.js'
import { isHostObject, typeName } from './kinds.js'
import { asNumeric, formatFloat, toExponentialHalfEven, toFixedHalfEven } from './numbers.js'
import * as py from './py.js'
import { toStr } from './text.js'
import type { Value } from './value.js'

/** `[[fill]align][sign][z][#][0][width][grouping][.precision][type]` */
interface FormatSpec {
  readonly fill: string
  readonly align: string
  readonly sign: string
  readonly alternate: boolean
  readonly width: number
  readonly grouping: string
  readonly precision: number | undefined
  readonly type: string
}

const SPEC = /^(?:([\s\S])?([<>=^]))?([-+ ])?(z)?(#)?(0)?(\d+)?([,_])?(?:\.(\d+))?([a-zA-Z%])?$/u

/** `format(value, spec)`, as in `'{:>10.2f}'.format(x)`. */
export function formatValue(value: Value, spec: string): string {
  if (isHostObject(value) && value[py.format]) return value[py.format]!(spec)
  if (spec === '') return toStr(value)
  if (typeof value === 'string') return formatString(value, parseSpec(spec, value))
  const number = asNumeric(value)
  if (number === undefined)
    throw pyError('TypeError', `unsupported format string passed to ${typeName(value)}.__format__`)
  const parsed = parseSpec(spec, value)
  if (number instanceof PyFloat) return formatFloatValue(number.value, parsed, value)
  return formatInt(BigInt(number), parsed, value)
}

function parseSpec(spec: string, value: Value): FormatSpec {
  const match = SPEC.exec(spec)
  if (!match) throw pyError('ValueError', `Invalid format specifier '${spec}' for object of type '${typeName(value)}'`)
  const [, fill, align, sign, , alternate, zero, width, grouping, precision, type] = match
  const numeric = typeof value !== 'string'
  return {
    fill: fill ?? (zero ? '0' : ' '),
    align: align ?? (zero && numeric ? '=' : ''),
    sign: sign ?? '',
    alternate: alternate !== undefined,
    width: Number(width ?? 0),
    grouping: grouping ?? '',
    precision: precision === undefined ? undefined : Number(precision),
    type: type ?? '',
  }
}

function formatString(value: string, spec: FormatSpec): string {
  if (spec.type !== '' && spec.type !== 's') throw unknownCode(spec.type, value)
  if (spec.sign !== '') throw pyError('ValueError', 'Sign not allowed in string format specifier')
  if (spec.alternate) throw pyError('ValueError', 'Alternate form (#) not allowed in string format specifier')
  if (spec.grouping !== '') throw pyError('ValueError', `Cannot specify '${spec.grouping}' with 's'.`)
  if (spec.align === '=') throw pyError('ValueError', "'=' alignment not allowed in string format specifier")
  const text = spec.precision === undefined ? value : Array.from(value).slice(0, spec.precision).join('')
  return pad(text, '', spec, '<')
}

const RADIX: Readonly<Record<string, number>> = { b: 2, o: 8, x: 16, X: 16 }

function formatInt(value: bigint, spec: FormatSpec, original: Value): string {
  const { type } = spec
  if ('eEfFgG%'.includes(type) && type !== '') return formatFloatValue(Number(value), spec, original)
  if (spec.precision !== undefined) throw pyError('ValueError', 'Precision not allowed in integer format specifier')
  const negative = value < 0n
  const magnitude = negative ? -value : value
  if (type === 'c') return pad(String.fromCodePoint(Number(value)), '', spec, '<')
  const radix = RADIX[type]
  if (radix === undefined && type !== '' && type !== 'd' && type !== 'n') throw unknownCode(type, original)
  if (spec.grouping === ',' && radix !== undefined) throw pyError('ValueError', `Cannot specify ',' with '${type}'.`)
  let digits = magnitude.toString(radix ?? 10)
  if (type === 'X') digits = digits.toUpperCase()
  const prefix = spec.alternate && radix !== undefined ? `0${type}` : ''
  return number(digits, '', signOf(negative, spec) + prefix, spec, radix === undefined ? 3 : 4)
}

function formatFloatValue(value: number, spec: FormatSpec, original: Value): string {
  const negative = value < 0 || Object.is(value, -0)
  const magnitude = Math.abs(value)
  const sign = signOf(negative, spec)
  if (!Number.isFinite(value)) {
    const name = Number.isNaN(value) ? 'nan' : 'inf'
    const shown = 'EFG'.includes(spec.type) && spec.type !== '' ? name.toUpperCase() : name
    return number(shown + (spec.type === '%' ? '%' : ''), '', signOf(value < 0, spec), spec, 0)
  }
  const text = floatDigits(magnitude, spec, original)
  const split = text.search(/[.e%]/i)
  return split === -1 ? number(text, '', sign, spec, 3) : number(text.slice(0, split), text.slice(split), sign, spec, 3)
}

function floatDigits(value: number, spec: FormatSpec, original: Value): string {
  const precision = spec.precision ?? 6
  switch (spec.type) {
    case 'f':
    case 'F': {
      const fixed = toFixedHalfEven(value, precision)
      return spec.alternate && precision === 0 ? fixed + '.' : fixed
    }
    case 'e':
      return toExponentialHalfEven(value, precision)
    case 'E':
      return toExponentialHalfEven(value, precision).toUpperCase()
    case 'g':
    case 'n':
      return formatGeneral(value, precision, spec.alternate)
    case 'G':
      return formatGeneral(value, precision, spec.alternate).toUpperCase()
    case '%':
      return toFixedHalfEven(value * 100, precision) + '%'
    case '': {
      if (spec.precision === undefined) return formatFloat(value)
      const text = formatGeneral(value, precision, false)
      const power = value === 0 ? 0 : Math.floor(Math.log10(value))
      if (/[e.]/.test(text)) return text
      return power >= precision - 1 && precision > 0 && text.length >= precision
        ? scientificDefault(value, precision)
        : text + '.0'
    }
    default:
      throw unknownCode(spec.type, original)
  }
}

/** A float without a type code switches to an exponent one digit earlier than `g`. */
function scientificDefault(value: number, precision: number): string {
  const text = toExponentialHalfEven(value, precision - 1)
  const split = text.indexOf('e')
  return text.slice(0, split).replace(/\.?0+$/, (zeros) => (zeros.includes('.') ? '' : zeros)) + text.slice(split)
}

function signOf(negative: boolean, spec: FormatSpec): string {
  if (negative) return '-'
  return spec.sign === '-' ? '' : spec.sign
}

function number(whole: string, rest: string, sign: string, spec: FormatSpec, groupSize: number): string {
  let digits = whole
  if (spec.grouping !== '' && groupSize > 0) {
    if (spec.fill === '0' && spec.align === '=') {
      // Zero padding counts the separators in: pad until the grouped text fills the width.
      const room = spec.width - sign.length - rest.length
      while (groupDigits(digits, spec.grouping, groupSize).length < room) {
        const wider = groupDigits('0' + digits, spec.grouping, groupSize)
        if (wider.length > room && wider[1] === spec.grouping) {
          digits = '0' + digits
          break
        }
        digits = '0' + digits
      }
    }
    digits = groupDigits(digits, spec.grouping, groupSize)
  }
  return pad(digits + rest, sign, spec, '>')
}

function pad(text: string, sign: string, spec: FormatSpec, defaultAlign: string): string {
  const room = spec.width - Array.from(text).length - sign.length
  if (room <= 0) return sign + text
  switch (spec.align || defaultAlign) {
    case '<':
      return sign + text + spec.fill.repeat(room)
    case '^':
      return spec.fill.repeat(Math.floor(room / 2)) + sign + text + spec.fill.repeat(Math.ceil(room / 2))
    case '=':
      return sign + spec.fill.repeat(room) + text
    default:
      return spec.fill.repeat(room) + sign + text
  }
}

function unknownCode(type: string, value: Value): Error {
  return pyError('ValueError', `Unknown format code '${type}' for object of type '${typeName(value)}'`)
}

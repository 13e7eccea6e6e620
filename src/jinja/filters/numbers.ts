import { binaryOperation } from '../values/arithmetic.js'
import { PyDecimal, roundTo } from '../values/decimal.js'
import { pyError } from '../values/errors.js'
import { PyFloat } from '../values/float.js'
import { isHostObject, typeName } from '../values/kinds.js'
import { Markup } from '../values/markup.js'
import { intArgument } from '../values/methods/method.js'
import { asNumeric, type Numeric, normalizeInt, roundHalfEven } from '../values/numbers.js'
import { parseFloatText, parseIntText } from '../values/parse-number.js'
import * as py from '../values/py.js'
import { truthy } from '../values/truth.js'
import { requireDefined } from '../values/undefined.js'
import type { Value } from '../values/value.js'
import { type Filter, type FilterTable, filterOf } from './filter.js'

const abs: Filter = (value) => {
  requireDefined(value)
  const number = asNumeric(value)
  if (number instanceof PyFloat) return new PyFloat(Math.abs(number.value))
  if (number !== undefined) return number < 0 ? normalizeInt(-BigInt(number)) : number
  const made = isHostObject(value) ? absOfHost(value) : undefined
  if (made !== undefined) return made
  throw pyError('TypeError', `bad operand type for abs(): '${typeName(value)}'`)
}

function absOfHost(value: Value): Value {
  if (!isHostObject(value) || !value[py.arithmetic] || value instanceof Markup) return undefined
  return truthy(value[py.lt]?.(value[py.arithmetic]('*', 0, false)) ?? false)
    ? value[py.arithmetic]('*', -1, false)
    : value
}

const int = filterOf('int', ['default', 'base'], { default: 0, base: 10 }, (value, [otherwise, base]) => {
  requireDefined(value)
  const text = value instanceof Markup ? value.text : value
  if (typeof text === 'string') {
    const parsed = parseIntText(text, intArgument(base))
    if (parsed !== undefined) return parsed
    const real = parseFloatText(text)
    return real === undefined || !Number.isFinite(real) ? otherwise : truncated(real)
  }
  const number = numberOf(value)
  if (number === undefined) return otherwise
  if (!(number instanceof PyFloat)) return number
  return Number.isFinite(number.value) ? truncated(number.value) : otherwise
})

/** A number, or what an object of the host says its number is. */
function numberOf(value: Value): Numeric | undefined {
  if (isHostObject(value) && value[py.number]) return new PyFloat(value[py.number]())
  return asNumeric(value)
}

function truncated(value: number): number | bigint {
  return normalizeInt(BigInt(Math.trunc(value)))
}

const float = filterOf('float', ['default'], { default: new PyFloat(0) }, (value, [otherwise]) => {
  requireDefined(value)
  const text = value instanceof Markup ? value.text : value
  if (typeof text === 'string') {
    const parsed = parseFloatText(text)
    return parsed === undefined ? otherwise : new PyFloat(parsed)
  }
  const number = numberOf(value)
  return number === undefined ? otherwise : new PyFloat(Number(number))
})

const round = filterOf(
  'round',
  ['precision', 'method'],
  { precision: 0, method: 'common' },
  (value, [precision, method]) => {
    requireDefined(value)
    if (method !== 'common' && method !== 'ceil' && method !== 'floor')
      throw pyError('FilterArgumentError', 'method must be common, ceil or floor')
    const digits = intArgument(precision)
    if (value instanceof PyDecimal && method === 'common') return roundTo(value, -digits)
    const number = numberOf(value)
    if (number === undefined) throw pyError('TypeError', `type ${typeName(value)} doesn't define __round__ method`)
    if (method === 'common') return roundNumber(number, digits)
    const scale = binaryOperation('**', 10, digits)
    const scaled = Number(binaryOperation('*', number, scale))
    const whole = normalizeInt(BigInt(method === 'ceil' ? Math.ceil(scaled) : Math.floor(scaled)))
    return binaryOperation('/', whole, scale)
  },
)

/** `round(number, digits)`: half to even, exactly; an int stays one. */
export function roundNumber(number: Numeric, digits: number): Value {
  if (number instanceof PyFloat) return new PyFloat(roundHalfEven(number.value, digits))
  if (digits >= 0) return number
  const scale = 10n ** BigInt(-digits)
  const value = BigInt(number)
  const rest = ((value % scale) + scale) % scale
  const floor = value - rest
  const up = rest * 2n > scale || (rest * 2n === scale && (floor / scale) % 2n !== 0n)
  return normalizeInt(up ? floor + scale : floor)
}

const PREFIXES = ['k', 'M', 'G', 'T', 'P', 'E', 'Z', 'Y'] as const

const filesizeformat = filterOf('filesizeformat', ['binary'], { binary: false }, (value, [binary]) => {
  const bytes = typeof value === 'string' ? Number(value) : Number(asNumeric(value) ?? Number.NaN)
  const isBinary = truthy(binary)
  const base = isBinary ? 1024 : 1000
  if (bytes === 1) return '1 Byte'
  if (bytes < base) return `${Math.trunc(bytes)} Bytes`
  let unit = base * base
  for (const prefix of PREFIXES) {
    if (bytes < unit || prefix === 'Y') {
      const name = isBinary ? `${prefix === 'k' ? 'K' : prefix}iB` : `${prefix}B`
      return `${((base * bytes) / unit).toFixed(1)} ${name}`
    }
    unit *= base
  }
  return String(bytes)
})

/** Filters on numbers. */
export const NUMBER_FILTERS: FilterTable = [
  ['abs', abs],
  ['filesizeformat', filesizeformat],
  ['float', float],
  ['int', int],
  ['round', round],
]

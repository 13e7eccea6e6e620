import type { BinaryOperator } from '../ast.js'
import { pyError } from './errors.js'
import { PyFloat } from './float.js'
import { isHostObject, isList, typeName } from './kinds.js'
import { asInt, asNumeric, type Numeric, normalizeInt } from './numbers.js'
import { formatPercent } from './percent-format.js'
import * as py from './py.js'
import { PySet } from './set.js'
import { PyTuple, tuple } from './tuple.js'
import { requireDefined } from './undefined.js'
import type { Value } from './value.js'

/** `a <operator> b` with Python's types. Throws Python's TypeError for operands that do not go together. */
export function binaryOperation(operator: BinaryOperator, a: Value, b: Value): Value {
  if (operator === '+') {
    if (typeof a === 'string' && typeof b === 'string') return a + b
    if (typeof a === 'number' && typeof b === 'number' && Number.isInteger(a) && Number.isInteger(b)) {
      const sum = a + b
      if (Number.isSafeInteger(sum)) return sum
    }
  }
  requireDefined(a)
  if (operator === '%' && typeof a === 'string') return formatPercent(a, b)
  requireDefined(b)
  const left = asNumeric(a)
  const right = asNumeric(b)
  if (left !== undefined && right !== undefined) return numberOperation(operator, left, right)
  const other = sequenceOperation(operator, a, b) ?? hostOperation(operator, a, b)
  if (other !== undefined) return other
  throw unsupported(operator, a, b)
}

function numberOperation(operator: BinaryOperator, a: Numeric, b: Numeric): Value {
  if (a instanceof PyFloat || b instanceof PyFloat) return floatOperation(operator, Number(a), Number(b))
  if (operator === '/') {
    if (Number(b) === 0) throw pyError('ZeroDivisionError', 'division by zero')
    return new PyFloat(Number(a) / Number(b))
  }
  if (typeof a === 'number' && typeof b === 'number') {
    const small = smallIntOperation(operator, a, b)
    if (small !== undefined) return small
  }
  return bigIntOperation(operator, BigInt(a), BigInt(b))
}

function smallIntOperation(operator: BinaryOperator, a: number, b: number): Value {
  let result: number
  switch (operator) {
    case '+':
      result = a + b
      break
    case '-':
      result = a - b
      break
    case '*':
      result = a * b
      break
    case '//':
    case '%': {
      if (b === 0) throw zeroModulo(operator)
      const rest = a % b
      const wraps = rest !== 0 && rest < 0 !== b < 0
      result = operator === '%' ? (wraps ? rest + b : rest) : (a - rest) / b - (wraps ? 1 : 0)
      break
    }
    case '**':
      if (b < 0) return floatOperation('**', a, b)
      result = a ** b
      break
    default:
      return undefined
  }
  return Number.isSafeInteger(result) ? result + 0 : undefined
}

function bigIntOperation(operator: BinaryOperator, a: bigint, b: bigint): Value {
  switch (operator) {
    case '+':
      return normalizeInt(a + b)
    case '-':
      return normalizeInt(a - b)
    case '*':
      return normalizeInt(a * b)
    case '**':
      if (b < 0n) return floatOperation('**', Number(a), Number(b))
      return normalizeInt(a ** b)
    default: {
      if (b === 0n) throw zeroModulo(operator)
      const rest = a % b
      const wraps = rest !== 0n && rest < 0n !== b < 0n
      if (operator === '%') return normalizeInt(wraps ? rest + b : rest)
      return normalizeInt((a - rest) / b - (wraps ? 1n : 0n))
    }
  }
}

function zeroModulo(operator: BinaryOperator): Error {
  return pyError(
    'ZeroDivisionError',
    operator === '%' ? 'integer modulo by zero' : 'integer division or modulo by zero',
  )
}

function floatOperation(operator: BinaryOperator, a: number, b: number): Value {
  switch (operator) {
    case '+':
      return new PyFloat(a + b)
    case '-':
      return new PyFloat(a - b)
    case '*':
      return new PyFloat(a * b)
    case '/':
      if (b === 0) throw pyError('ZeroDivisionError', 'float division by zero')
      return new PyFloat(a / b)
    case '//': {
      if (b === 0) throw pyError('ZeroDivisionError', 'float floor division by zero')
      return new PyFloat(Math.floor(a / b))
    }
    case '%': {
      if (b === 0) throw pyError('ZeroDivisionError', 'float modulo')
      const rest = a % b
      return new PyFloat(rest !== 0 && rest < 0 !== b < 0 ? rest + b : rest)
    }
    case '**': {
      if (a === 0 && b < 0) throw pyError('ZeroDivisionError', '0.0 cannot be raised to a negative power')
      const result = a ** b
      if (!Number.isFinite(result) && Number.isFinite(a) && Number.isFinite(b))
        throw pyError('OverflowError', "(34, 'Numerical result out of range')")
      return new PyFloat(result)
    }
  }
}

function sequenceOperation(operator: BinaryOperator, a: Value, b: Value): Value {
  if (operator === '+') {
    if (a instanceof PyTuple && b instanceof PyTuple) return tuple([...a, ...b])
    if (isList(a) && isList(b)) return a.concat(b)
    return undefined
  }
  if (operator === '*') return repeat(a, b) ?? repeat(b, a)
  if (operator === '-' && a instanceof PySet && b instanceof PySet)
    return new PySet(Array.from(a).filter((item) => !b.has(item)))
  return undefined
}

function repeat(value: Value, times: Value): Value {
  if (typeof value !== 'string' && !Array.isArray(value)) return undefined
  const count = asInt(times)
  if (count === undefined) {
    throw pyError('TypeError', `can't multiply sequence by non-int of type '${typeName(times)}'`)
  }
  const n = Math.max(0, Number(count))
  if (typeof value === 'string') return value.repeat(n)
  const items: Value[] = []
  for (let i = 0; i < n; i++) for (const item of value as readonly Value[]) items.push(item)
  return value instanceof PyTuple ? tuple(items) : items
}

function hostOperation(operator: BinaryOperator, a: Value, b: Value): Value {
  const own = isHostObject(a) ? a[py.arithmetic]?.(operator, b, false) : undefined
  if (own !== undefined) return own
  return isHostObject(b) ? b[py.arithmetic]?.(operator, a, true) : undefined
}

function unsupported(operator: BinaryOperator, a: Value, b: Value): Error {
  if (operator === '+') {
    const kind = typeof a === 'string' ? 'str' : a instanceof PyTuple ? 'tuple' : isList(a) ? 'list' : undefined
    if (kind !== undefined)
      return pyError('TypeError', `can only concatenate ${kind} (not "${typeName(b)}") to ${kind}`)
  }
  const shown = operator === '**' ? '** or pow()' : operator
  return pyError('TypeError', `unsupported operand type(s) for ${shown}: '${typeName(a)}' and '${typeName(b)}'`)
}

/** `-value` and `+value`. */
export function unaryOperation(operator: '-' | '+', value: Value): Value {
  requireDefined(value)
  const number = asNumeric(value)
  if (number === undefined) {
    if (isHostObject(value)) {
      const result = value[py.arithmetic]?.('*', operator === '-' ? -1 : 1, false)
      if (result !== undefined) return result
    }
    throw pyError('TypeError', `bad operand type for unary ${operator}: '${typeName(value)}'`)
  }
  if (operator === '+') return number
  if (number instanceof PyFloat) return new PyFloat(-number.value)
  return typeof number === 'bigint' ? normalizeInt(-number) : 0 - number
}

import { PyFloat } from '../float.js'
import type { Numeric } from '../numbers.js'
import { tuple } from '../tuple.js'
import type { Value } from '../value.js'
import type { Method, MethodTable } from './method.js'

function bitLength(value: Numeric): number {
  const magnitude = BigInt(value as number | bigint)
  return magnitude === 0n ? 0 : (magnitude < 0n ? -magnitude : magnitude).toString(2).length
}

function ratio(value: number): Value {
  let denominator = 1n
  let scaled = value
  while (!Number.isInteger(scaled)) {
    scaled *= 2
    denominator *= 2n
  }
  return tuple([Number(BigInt(scaled)), Number(denominator)])
}

/** Methods of int and float. */
export const NUMBER_METHODS: MethodTable<Numeric> = new Map<string, Method<Numeric>>([
  ['is_integer', (self) => (self instanceof PyFloat ? Number.isInteger(self.value) : true)],
  ['bit_length', (self) => (self instanceof PyFloat ? undefined : bitLength(self))],
  ['conjugate', (self) => self],
  ['as_integer_ratio', (self) => (self instanceof PyFloat ? ratio(self.value) : tuple([self, 1]))],
])

/** Data attributes of int and float. */
export function numberAttribute(value: Numeric, name: string): Value {
  if (name === 'real') return value
  if (name === 'imag') return value instanceof PyFloat ? new PyFloat(0) : 0
  if (value instanceof PyFloat) return undefined
  if (name === 'numerator') return value
  return name === 'denominator' ? 1 : undefined
}

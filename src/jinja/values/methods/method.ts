import { pyError } from '../errors.js'
import { typeName } from '../kinds.js'
import { asInt } from '../numbers.js'
import type { Kwargs, Value } from '../value.js'

/** A method of a built-in type, unbound. */
export type Method<S> = (self: S, args: readonly Value[], kwargs: Kwargs) => Value

export type MethodTable<S> = ReadonlyMap<string, Method<S>>

/** An int argument, or Python's TypeError. */
export function intArgument(value: Value): number {
  const number = asInt(value)
  if (number === undefined)
    throw pyError('TypeError', `'${typeName(value)}' object cannot be interpreted as an integer`)
  return Number(number)
}

/** A str argument, or Python's TypeError. */
export function strArgument(method: string, value: Value): string {
  if (typeof value === 'string') return value
  throw pyError('TypeError', `${method}() argument must be str, not ${typeName(value)}`)
}

/** `[start, end)` of a search, from the optional index arguments of `find`, `count` and the like. */
export function searchRange(length: number, start: Value, end: Value): [number, number] {
  const clamp = (value: Value, otherwise: number): number => {
    if (value === undefined || value === null) return otherwise
    const index = intArgument(value)
    return index < 0 ? Math.max(0, index + length) : Math.min(index, length)
  }
  return [clamp(start, 0), clamp(end, length)]
}

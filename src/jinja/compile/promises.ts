import type { Frame } from '../runtime/frame.js'
import type { Value } from '../values/value.js'
import type { Eval } from './types.js'

// Nothing is awaited unless a call gave a promise: every helper works straight through until it meets one.

/** `next(value)`, at once or when the value is there. */
export function chain<T, R>(value: T | Promise<T>, next: (value: T) => R | Promise<R>): R | Promise<R> {
  return value instanceof Promise ? value.then(next) : next(value)
}

/** The values of several expressions, evaluated one after another. */
export function evaluateAll(evals: readonly Eval[], frame: Frame): Value[] | Promise<Value[]> {
  const values: Value[] = []
  for (let i = 0; i < evals.length; i++) {
    const value = evals[i]!(frame)
    if (value instanceof Promise) return evaluateRest(evals, frame, values, i, value)
    values.push(value)
  }
  return values
}

async function evaluateRest(
  evals: readonly Eval[],
  frame: Frame,
  values: Value[],
  from: number,
  pending: Promise<Value>,
): Promise<Value[]> {
  values.push(await pending)
  for (let i = from + 1; i < evals.length; i++) {
    const value = evals[i]!(frame)
    values.push(value instanceof Promise ? await value : value)
  }
  return values
}

/** Combines two expressions' values. */
export function evaluatePair(
  left: Eval,
  right: Eval,
  frame: Frame,
  combine: (a: Value, b: Value) => Value,
): Value | Promise<Value> {
  const a = left(frame)
  if (a instanceof Promise) return a.then((x) => chain(right(frame), (y) => combine(x, y)))
  const b = right(frame)
  return b instanceof Promise ? b.then((y) => combine(a, y)) : combine(a, b)
}

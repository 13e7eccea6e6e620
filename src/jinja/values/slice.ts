import { pyError } from './errors.js'
import { isHostObject } from './kinds.js'
import { asInt } from './numbers.js'
import * as py from './py.js'
import { PyRange } from './range.js'
import { PyTuple, tuple } from './tuple.js'
import type { HostObject, Value } from './value.js'

/** The key of `xs[from:to:step]`. */
export class PySlice implements HostObject {
  readonly [py.typeName] = 'slice'

  constructor(
    readonly from: Value,
    readonly to: Value,
    readonly step: Value,
  ) {}

  [py.getattr](name: string): Value {
    if (name === 'start') return this.from
    if (name === 'stop') return this.to
    return name === 'step' ? this.step : undefined
  }

  /** The indices it picks out of a sequence of this length. */
  indices(length: number): number[] {
    const step = bound(this.step) ?? 1
    if (step === 0) throw pyError('ValueError', 'slice step cannot be zero')
    const [low, high] = step > 0 ? [0, length] : [-1, length - 1]
    const clamp = (value: number | undefined, otherwise: number): number => {
      if (value === undefined) return otherwise
      return Math.min(Math.max(value < 0 ? value + length : value, low), high)
    }
    const from = clamp(bound(this.from), step > 0 ? low : high)
    const to = clamp(bound(this.to), step > 0 ? high : low)
    const picked: number[] = []
    for (let i = from; step > 0 ? i < to : i > to; i += step) picked.push(i)
    return picked
  }
}

function bound(value: Value): number | undefined {
  if (value === null || value === undefined) return undefined
  const index = asInt(value)
  if (index === undefined)
    throw pyError('TypeError', 'slice indices must be integers or None or have an __index__ method')
  return Number(index)
}

/** `value[slice]` for strings, lists, tuples and ranges; undefined for what cannot be sliced. */
export function sliceOf(value: Value, slice: PySlice): Value {
  if (typeof value === 'string') {
    const characters = /[\ud800-\udfff]/.test(value) ? Array.from(value) : value
    let out = ''
    for (const i of slice.indices(characters.length)) out += characters[i]
    return out
  }
  if (Array.isArray(value)) {
    const items = slice.indices(value.length).map((i) => (value as readonly Value[])[i])
    return value instanceof PyTuple ? tuple(items) : items
  }
  if (value instanceof PyRange) {
    const picked = slice.indices(value.length)
    const step = value.step * (Number(slice.step ?? 1) || 1)
    const first = picked[0]
    if (first === undefined) return new PyRange(value.start, value.start, step)
    return new PyRange(value.at(first)!, value.at(picked.at(-1)!)! + Math.sign(step), step)
  }
  return isHostObject(value) ? value[py.getitem]?.(slice) : undefined
}

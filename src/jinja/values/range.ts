import { pyError } from './errors.js'
import { asInt } from './numbers.js'
import * as py from './py.js'
import type { HostObject, Value } from './value.js'

/** Python's range: counted, not stored. */
export class PyRange implements HostObject {
  readonly [py.typeName] = 'range'
  readonly length: number

  constructor(
    readonly start: number,
    readonly stop: number,
    readonly step: number,
  ) {
    if (step === 0) throw pyError('ValueError', 'range() arg 3 must not be zero')
    this.length = Math.max(0, Math.ceil((stop - start) / step))
  }

  at(index: number): number | undefined {
    const from = index < 0 ? index + this.length : index
    return from >= 0 && from < this.length ? this.start + from * this.step : undefined
  }

  [py.getattr](name: string): Value {
    if (name === 'start' || name === 'stop' || name === 'step') return this[name]
    if (name === 'index') return (args) => this.#index(args[0])
    if (name === 'count') return (args) => (this[py.contains](args[0]) ? 1 : 0)
    return undefined
  }

  [py.getitem](key: Value): Value {
    const index = asInt(key)
    return index === undefined ? undefined : this.at(Number(index))
  }

  *[py.iter](): Iterable<Value> {
    for (let i = 0; i < this.length; i++) yield this.start + i * this.step
  }

  [py.len](): number {
    return this.length
  }

  [py.contains](value: Value): boolean {
    const number = asInt(value)
    if (number === undefined) return false
    const offset = Number(number) - this.start
    return offset % this.step === 0 && offset / this.step >= 0 && offset / this.step < this.length
  }

  [py.str](): string {
    return this.step === 1 ? `range(${this.start}, ${this.stop})` : `range(${this.start}, ${this.stop}, ${this.step})`
  }

  #index(value: Value): Value {
    if (!this[py.contains](value)) throw pyError('ValueError', `${String(value)} is not in range`)
    return (Number(value) - this.start) / this.step
  }
}

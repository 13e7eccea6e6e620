import { pyEquals } from '../values/equality.js'
import { pyError } from '../values/errors.js'
import { tryLength } from '../values/iterate.js'
import * as py from '../values/py.js'
import { Undefined } from '../values/undefined.js'
import type { HostObject, Kwargs, Value } from '../values/value.js'
import { cycleItem } from './cycler.js'
import type { UndefinedMode } from './thread.js'

/** Runs the body of a recursive loop over more items, one level deeper. */
export type Recurse = (items: Value, depth: number) => Value | Promise<Value>

/** The variable `loop`: where the loop is. Looks ahead only when asked. */
export class LoopContext implements HostObject {
  readonly [py.typeName] = 'LoopContext'
  #iterator: Iterator<Value>
  #index0 = -1
  #length: number | undefined
  #current: { value: Value } | undefined
  #before: { value: Value } | undefined
  #after: { value: Value } | undefined
  #lastChanged: readonly Value[] | undefined

  constructor(
    private readonly items: Value,
    iterable: Iterable<Value>,
    private readonly sized: boolean,
    private readonly mode: UndefinedMode,
    private readonly depth0: number,
    private readonly recurse: Recurse | undefined,
  ) {
    this.#iterator = iterable[Symbol.iterator]()
  }

  /** Moves to the next item; undefined when there is none. */
  advance(): { value: Value } | undefined {
    const next = this.#after ?? this.#take()
    this.#after = undefined
    if (!next) return undefined
    this.#index0++
    this.#before = this.#current
    this.#current = next
    return next
  }

  #take(): { value: Value } | undefined {
    const next = this.#iterator.next()
    return next.done ? undefined : { value: next.value }
  }

  #peek(): { value: Value } | undefined {
    this.#after ??= this.#take()
    return this.#after
  }

  #count(): number {
    if (this.#length !== undefined) return this.#length
    const sized = this.sized ? tryLength(this.items) : undefined
    if (sized !== undefined) {
      this.#length = sized
      return sized
    }
    const ahead = this.#peek()
    const rest: Value[] = []
    for (let item = this.#take(); item; item = this.#take()) rest.push(item.value)
    this.#iterator = rest[Symbol.iterator]()
    this.#length = this.#index0 + 1 + rest.length + (ahead ? 1 : 0)
    return this.#length
  }

  [py.getattr](name: string): Value {
    switch (name) {
      case 'index':
        return this.#index0 + 1
      case 'index0':
        return this.#index0
      case 'first':
        return this.#index0 === 0
      case 'last':
        return this.#peek() === undefined
      case 'length':
        return this.#count()
      case 'revindex':
        return this.#count() - this.#index0
      case 'revindex0':
        return this.#count() - this.#index0 - 1
      case 'depth':
        return this.depth0 + 1
      case 'depth0':
        return this.depth0
      case 'previtem':
        return this.#before ? this.#before.value : new Undefined(this.mode, undefined, 'there is no previous item')
      case 'nextitem':
        return this.#peek() ? this.#peek()!.value : new Undefined(this.mode, undefined, 'there is no next item')
      case 'cycle':
        return (args) => {
          if (args.length === 0) throw pyError('TypeError', 'no items for cycling given')
          return cycleItem(args, this.#index0)
        }
      case 'changed':
        return (args) => this.#changed(args)
      default:
        return undefined
    }
  }

  #changed(values: readonly Value[]): boolean {
    const last = this.#lastChanged
    const same = last !== undefined && last.length === values.length && last.every((v, i) => pyEquals(v, values[i]))
    if (!same) this.#lastChanged = values
    return !same
  }

  [py.call](args: readonly Value[], _kwargs: Kwargs): Value | Promise<Value> {
    if (!this.recurse) throw pyError('TypeError', "The loop must have the 'recursive' marker to be called recursively.")
    return this.recurse(args[0], this.depth0 + 1)
  }

  [py.len](): number {
    return this.#count()
  }

  [py.str](): string {
    return `<LoopContext ${this.#index0 + 1}/${this.#count()}>`
  }
}

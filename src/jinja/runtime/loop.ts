import { pyEquals } from '../values/equality.js'
import { pyError } from '../values/errors.js'
import { tryLength } from '../values/iterate.js'
import * as py from '../values/py.js'
import { Undefined } from '../values/undefined.js'
import type { HostObject, Kwargs, Value } from '../values/value.js'
import { cycleItem } from './cycler.js'
import type { UndefinedMode } from './thread.js'

/** What a source of items gives when there are no more. */
export const DONE: unique symbol = Symbol('done')

/** Items one after another. */
export type Source = () => Value | typeof DONE

/** A source over something iterable; lists may grow while they are gone through. */
export function sourceOf(items: Iterable<Value>): Source {
  if (Array.isArray(items)) {
    const list: readonly Value[] = items
    let at = 0
    return () => (at < list.length ? list[at++] : DONE)
  }
  const iterator = items[Symbol.iterator]()
  return () => {
    const next = iterator.next()
    return next.done ? DONE : next.value
  }
}

/** Runs the body of a recursive loop over more items, one level deeper. */
export type Recurse = (items: Value, depth: number) => Value | Promise<Value>

/** The variable `loop`: where the loop is. Looks ahead only when asked. */
export class LoopContext implements HostObject {
  readonly [py.typeName] = 'LoopContext'
  #source: Source
  #index0 = -1
  #length: number | undefined
  #current: Value | typeof DONE = DONE
  #before: Value | typeof DONE = DONE
  /** The item looked ahead at; undefined when none was. */
  #ahead: { value: Value | typeof DONE } | undefined
  #lastChanged: readonly Value[] | undefined

  constructor(
    private readonly items: Value,
    source: Source,
    private readonly sized: boolean,
    private readonly mode: UndefinedMode,
    private readonly depth0: number,
    private readonly recurse: Recurse | undefined,
  ) {
    this.#source = source
  }

  /** Moves to the next item and gives it. */
  advance(): Value | typeof DONE {
    const next = this.#ahead ? this.#ahead.value : this.#source()
    this.#ahead = undefined
    if (next === DONE) return DONE
    this.#index0++
    this.#before = this.#current
    this.#current = next
    return next
  }

  #peek(): Value | typeof DONE {
    this.#ahead ??= { value: this.#source() }
    return this.#ahead.value
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
    for (let item = this.#source(); item !== DONE; item = this.#source()) rest.push(item)
    this.#source = sourceOf(rest)
    this.#length = this.#index0 + 1 + rest.length + (ahead === DONE ? 0 : 1)
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
        return this.#peek() === DONE
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
        return this.#before === DONE ? this.#none('there is no previous item') : this.#before
      case 'nextitem':
        return this.#next()
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

  #next(): Value {
    const next = this.#peek()
    return next === DONE ? this.#none('there is no next item') : next
  }

  #none(message: string): Undefined {
    return new Undefined(this.mode, undefined, message)
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

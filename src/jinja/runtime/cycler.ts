import { pyError } from '../values/errors.js'
import * as py from '../values/py.js'
import type { HostObject, Value } from '../values/value.js'

/** The item whose turn it is. */
export function cycleItem(items: readonly Value[], turn: number): Value {
  return items[turn % items.length]
}

/** `cycler('odd', 'even')`: values in turn. */
export class Cycler implements HostObject {
  readonly [py.typeName] = 'Cycler'
  #position = 0

  constructor(readonly items: readonly Value[]) {
    if (items.length === 0) throw pyError('TemplateRuntimeError', 'at least one item has to be provided')
  }

  [py.getattr](name: string): Value {
    switch (name) {
      case 'current':
        return this.items[this.#position]
      case 'next':
        return () => this.#next()
      case 'reset':
        return () => {
          this.#position = 0
          return null
        }
      case 'items':
        return this.items
      case 'pos':
        return this.#position
      default:
        return undefined
    }
  }

  #next(): Value {
    const item = this.items[this.#position]
    this.#position = (this.#position + 1) % this.items.length
    return item
  }
}

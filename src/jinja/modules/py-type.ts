import { callMethod } from '../values/access.js'
import { pyError } from '../values/errors.js'
import * as py from '../values/py.js'
import type { HostFunction, HostObject, Kwargs, Value } from '../values/value.js'

/** A class as a value: called to make instances, with class methods, and with its instances' methods unbound. */
export class PyType implements HostObject {
  readonly [py.typeName] = 'type'

  constructor(
    readonly module: string,
    readonly name: string,
    private readonly construct: HostFunction,
    private readonly members: () => ReadonlyMap<string, Value>,
  ) {}

  [py.getattr](name: string): Value {
    const member = this.members().get(name)
    if (member !== undefined) return member
    return (args: readonly Value[], kwargs: Kwargs) => {
      if (args.length === 0) throw pyError('TypeError', `unbound method ${this.name}.${name}() needs an argument`)
      return callMethod(args[0], name, args.slice(1), kwargs, 'strict')
    }
  }

  [py.call](args: readonly Value[], kwargs: Kwargs): Value | Promise<Value> {
    return this.construct(args, kwargs)
  }

  [py.str](): string {
    return `<class '${this.module}.${this.name}'>`
  }
}

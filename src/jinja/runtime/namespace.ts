import { mappingGet, mappingSet } from '../values/mapping.js'
import { updateMapping } from '../values/methods/dict.js'
import * as py from '../values/py.js'
import { toRepr } from '../values/text.js'
import type { HostObject, Kwargs, Value } from '../values/value.js'

/** `namespace(a=1)`: a bag of attributes that `{% set ns.a = ... %}` may change from inside loops. */
export class Namespace implements HostObject {
  readonly [py.typeName] = 'Namespace'
  readonly attributes = new Map<Value, Value>()

  constructor(args: readonly Value[], kwargs: Kwargs) {
    updateMapping(this.attributes, args[0], kwargs)
  }

  [py.getattr](name: string): Value {
    return mappingGet(this.attributes, name)
  }

  [py.setattr](name: string, value: Value): void {
    mappingSet(this.attributes, name, value)
  }

  [py.str](): string {
    return `<Namespace ${toRepr(this.attributes)}>`
  }
}

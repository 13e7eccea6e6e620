import type { AdapterResponse } from '../../adapters/adapter.js'
import { type HostObject, py, type Value } from '../../jinja/index.js'

/** What the warehouse said of a statement: `_message`, `code`, `rows_affected`. Prints its message. */
export class AdapterResponseObject implements HostObject {
  readonly [py.typeName] = 'AdapterResponse'

  constructor(readonly response: AdapterResponse) {}

  [py.getattr](name: string): Value {
    if (name === 'to_dict') return () => ({ ...this.response }) as Value
    // The usual fields are there, though a warehouse may not fill them in.
    if (name === 'code' || name === 'rows_affected' || name === 'query_id')
      return (this.response[name] ?? null) as Value
    return Object.hasOwn(this.response, name) ? (this.response[name] as Value) : undefined
  }

  [py.getitem](key: Value): Value {
    return typeof key === 'string' ? this[py.getattr](key) : undefined
  }

  [py.str](): string {
    return this.response._message
  }
}

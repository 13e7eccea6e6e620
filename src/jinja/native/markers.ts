import * as py from '../values/py.js'
import type { HostObject, Value } from '../values/value.js'

/** What `as_text`, `as_native`, `as_bool` and `as_number` make of a value in native rendering. */
export type MarkerKind = 'text' | 'native' | 'bool' | 'number'

/** Text on its way to a native value: says how the text is to be read when it is all a template gives. */
export class NativeMarker implements HostObject {
  readonly [py.typeName] = 'str'

  constructor(
    readonly kind: MarkerKind,
    readonly text: string,
  ) {}

  [py.getattr](): Value {
    return undefined
  }

  [py.str](): string {
    return this.text
  }

  [py.bool](): boolean {
    return this.text !== ''
  }

  [py.eq](other: Value): boolean {
    return other instanceof NativeMarker ? other.text === this.text : other === this.text
  }
}

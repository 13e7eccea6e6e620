import type { Value } from '../values/value.js'

/** Where a template finds the names it does not set itself. */
export interface Scope {
  /** The value of a name, or undefined when there is none. */
  get(name: string): Value
  /** Every name there is: feeds "did you mean". */
  names?(): Iterable<string>
}

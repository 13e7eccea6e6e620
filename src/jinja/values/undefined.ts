import type { UndefinedMode } from '../runtime/thread.js'

/**
 * The value of a name, attribute or item that does not exist. Prints as nothing and is false; any other use of a
 * strict one fails with `message`, as jinja2.Undefined does; a chaining one answers with itself.
 */
export class Undefined {
  constructor(
    readonly mode: UndefinedMode,
    /** The name that was looked for. */
    readonly name: string | undefined,
    /** `'x' is undefined`, `'dict object' has no attribute 'x'`. */
    readonly message: string,
    /** Names that do exist where this one was looked for: for "did you mean". */
    readonly candidates?: (() => Iterable<string>) | undefined,
  ) {}
}

import { didYouMean } from '../../core/did-you-mean.js'
import type { UndefinedMode } from '../runtime/thread.js'
import { pyError } from './errors.js'

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

  /** The error any real use of the value is. */
  error(): Error {
    const { name, candidates } = this
    const hint = name !== undefined && candidates ? didYouMean(name, candidates()) : undefined
    return pyError('UndefinedError', this.message, hint)
  }
}

/** What a host's JS `undefined` is read as. */
export const HOST_UNDEFINED = new Undefined('strict', undefined, 'value is undefined')

/** Whether a value is Undefined or a host's `undefined`. */
export function isUndefined(value: unknown): value is Undefined | undefined {
  return value === undefined || value instanceof Undefined
}

/** Throws when the value is undefined: before it is computed with. */
export function requireDefined(value: unknown): void {
  if (value instanceof Undefined) throw value.error()
  if (value === undefined) throw HOST_UNDEFINED.error()
}

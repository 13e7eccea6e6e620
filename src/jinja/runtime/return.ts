import { bindArguments } from '../values/arguments.js'
import type { HostFunction, Value } from '../values/value.js'
import { MacroReturn } from './failure.js'

/** Leaves the macro under way with a value of any type. */
export function throwReturn(value: Value): never {
  throw new MacroReturn(value)
}

/**
 * The function templates know as `return`. A macro's own `{{ return(x) }}` recognises it and ends without a throw;
 * anywhere else it throws to the macro under way.
 */
export const RETURN_FUNCTION: HostFunction = (args, kwargs) => {
  const [value] = bindArguments('return', ['data'], args, kwargs, { data: null })
  return throwReturn(value)
}

import { fail } from '../../core/diagnostic.js'
import { type HostFunction, pyEquals, toStr, type Value } from '../../jinja/index.js'
import type { Member } from '../node-scope.js'

/** `validation.any(...)`: a check that a value is one of those given. */
export const validation: Member = () => ({
  any: ((allowed: readonly Value[]) => (args: readonly Value[]) => {
    const [value] = args
    if (allowed.some((one) => pyEquals(one, value))) return null
    return fail(
      'runtime',
      'validation-any',
      `Expected value "${toStr(value)}" to be one of ${allowed.map(toStr).join(',')}`,
    )
  }) as HostFunction,
})

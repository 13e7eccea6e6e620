import { bindArguments, type HostFunction, toStr } from '../../jinja/index.js'
import { readEnvVar } from '../../project/env-vars.js'
import type { Member } from '../node-scope.js'

/** `env_var`: a variable of the environment, or the default. What was read while parsing is noted for the parse cache. */
export const envVar: Member =
  (scope): HostFunction =>
  (args, kwargs) => {
    const [name, fallback] = bindArguments('env_var', ['var', 'default'], args, kwargs, { default: null })
    const { env } = scope.session.invocation
    return readEnvVar(env, toStr(name), fallback, { secrets: false, used: scope.capture?.envVars })
  }

/** `env_var` in a unit test: its overrides first. */
export const unitTestEnvVar: Member = (scope) => {
  const read = envVar(scope) as HostFunction
  const overrides = 'overrides' in scope.subject ? scope.subject.overrides : null
  if (overrides === null) return read
  return (args, kwargs) => {
    const name = args[0]
    if (typeof name === 'string' && Object.hasOwn(overrides.env_vars, name)) return overrides.env_vars[name]
    return read(args, kwargs)
  }
}

import type { Invocation } from '../../core/invocation.js'
import { DBT_VERSION } from '../../core/invocation.js'
import {
  bindArguments,
  compileTemplate,
  type HostFunction,
  PyDateTime,
  pythonModules,
  RenderThread,
  type Scope,
  throwReturn,
  toStr,
  type Value,
} from '../../jinja/index.js'
import type { JsonObject } from '../../manifest/index.js'
import { type EnvVarOptions, readEnvVar } from '../env-vars.js'
import { failMissingVar } from '../vars.js'
import { baseFunctions } from './base-functions.js'
import { isTemplate } from './render-yaml.js'

export interface YamlScopeOptions {
  readonly invocation: Pick<Invocation, 'env' | 'id' | 'startedAt' | 'emit'>
  /** What `var()` sees. */
  readonly vars: JsonObject
  /** A text value of a var that holds Jinja is rendered (dbt does so for `--vars` in configuration files). */
  readonly renderVars?: boolean
  /** Missing vars are None instead of an error (`deps`). */
  readonly lenientVars?: boolean
  /** `target`, when the profile is known. */
  readonly target?: JsonObject | undefined
  readonly projectName?: string | undefined
  readonly envVars: EnvVarOptions
  /** More names, such as `flags`. */
  readonly extra?: Readonly<Record<string, Value>>
}

/**
 * The names that configuration files can use: `var`, `env_var`, `target`, `dbt_version`, `invocation_id`,
 * `run_started_at`, `modules`, `return`, `context` and `builtins`, {@link baseFunctions}, and what `extra` adds.
 */
export function createYamlScope(options: YamlScopeOptions): Scope {
  const names: Record<string, Value> = {
    dbt_version: DBT_VERSION,
    invocation_id: options.invocation.id,
    thread_id: 'MainThread',
    env_var: envVarFunction(options),
    return: (args) => throwReturn(args[0] ?? null),
    ...baseFunctions(options.invocation.emit),
    ...options.extra,
  }
  if (options.target !== undefined) names['target'] = options.target as Value
  if (options.projectName !== undefined) names['project_name'] = options.projectName
  const scope: Scope = {
    get: (name) => {
      if (!Object.hasOwn(names, name)) fillIn(names, name, options)
      return Object.hasOwn(names, name) ? names[name] : undefined
    },
    names: () => new Set([...Object.keys(names), 'modules', 'run_started_at', 'var', 'builtins', 'context']),
  }
  names['var'] = varFunction(options, scope)
  return scope
}

/** Names that cost something to make are made when a template asks. */
function fillIn(names: Record<string, Value>, name: string, options: YamlScopeOptions): void {
  if (name === 'modules') names[name] = pythonModules()
  else if (name === 'run_started_at') names[name] = PyDateTime.fromDate(options.invocation.startedAt)
  else if (name === 'builtins' || name === 'context') names[name] = names
}

function envVarFunction(options: YamlScopeOptions): HostFunction {
  return (args, kwargs) => {
    const [name, fallback] = bindArguments('env_var', ['var', 'default'], args, kwargs, { default: null })
    return readEnvVar(options.invocation.env, toStr(name), fallback, options.envVars)
  }
}

function varFunction(options: YamlScopeOptions, scope: Scope): HostFunction {
  return (args, kwargs) => {
    const [given, fallback] = bindArguments('var', ['var_name', 'default'], args, kwargs, { default: undefined })
    const name = toStr(given)
    if (Object.hasOwn(options.vars, name)) {
      const value = options.vars[name] as Value
      if (options.renderVars !== true || typeof value !== 'string' || !isTemplate(value)) return value
      return compileTemplate(value, { file: '--vars' }).render(new RenderThread({ undefinedMode: 'strict' }), scope)
    }
    if (fallback !== undefined) return fallback
    if (options.lenientVars === true) return null
    return failMissingVar(name, options.vars)
  }
}

import { md5 } from '../../core/checksum.js'
import { diagnostic, fail, PlumbError } from '../../core/diagnostic.js'
import { DBT_VERSION } from '../../core/invocation.js'
import {
  bindArguments,
  type HostFunction,
  PyDateTime,
  pyEquals,
  pythonModules,
  RenderThread,
  toStr,
  type Value,
} from '../../jinja/index.js'
import type { Member, NodeScope } from '../node-scope.js'
import { FlagsObject } from '../objects/flags.js'
import { describeSubject } from '../subject.js'

const METADATA_PREFIX = 'DBT_ENV_CUSTOM_ENV_'

/** `local_md5(value)` */
export const localMd5: HostFunction = (args, kwargs) =>
  md5(toStr(bindArguments('local_md5', ['value'], args, kwargs)[0]))

export const dbtVersion: Member = () => DBT_VERSION
export const modules: Member = ({ session }) => session.shared('modules', pythonModules)
export const flags: Member = ({ session }) => session.shared('flags', () => new FlagsObject(session.flags))
export const runStartedAt: Member = ({ session }) =>
  session.shared('run_started_at', () => PyDateTime.fromDate(session.invocation.startedAt))

/** `target`: the connection as far as templates may know it; no secrets. */
export const target: Member = ({ session }) =>
  session.shared('target', () => {
    const { credentials, plugin, project } = session
    return {
      ...plugin.targetVars(credentials),
      schema: credentials.schema,
      type: credentials.type,
      threads: credentials.threads,
      name: project.profile?.targetName ?? null,
      target_name: project.profile?.targetName ?? null,
      profile_name: project.profile?.profileName ?? null,
    } as Value
  })

/** `dbt_metadata_envs`: variables of the environment that begin with `DBT_ENV_CUSTOM_ENV_`, by the rest of their name. */
export const metadataEnvs: Member = ({ session }) =>
  session.shared('dbt_metadata_envs', () =>
    Object.fromEntries(
      Object.entries(session.invocation.env)
        .filter(([name, value]) => name.startsWith(METADATA_PREFIX) && value !== undefined)
        .map(([name, value]) => [name.slice(METADATA_PREFIX.length), value]),
    ),
  )

/** Flags that are left out of `invocation_args_dict` while they are off. */
const SHOWN_WHEN_ON: ReadonlySet<string> = new Set([
  ...['debug', 'full_refresh', 'fail_fast', 'warn_error', 'single_threaded', 'log_cache_events', 'store_failures'],
  'use_experimental_parser',
])

/** `invocation_args_dict`: what the command was called with. */
export const invocationArgs: Member = ({ session }) =>
  session.shared('invocation_args_dict', () =>
    Object.fromEntries(
      Object.entries(session.flags.args)
        .filter(([name, value]) => value != null && !(value === false && SHOWN_WHEN_ON.has(name)))
        .map(([name, value]) => [name, value as Value]),
    ),
  )

/** `graph`: every resource by section. Empty while parsing, when there is no graph yet. */
export const graph: Member = ({ session, execute }) => {
  if (!execute) return {}
  return session.shared('graph', () => {
    const { exposures, functions, groups, metrics, nodes, sources, semantic_models, saved_queries } = session.manifest
    return { exposures, functions, groups, metrics, nodes, sources, semantic_models, saved_queries } as unknown as Value
  })
}

/** `render(text)`: the text as a template in this very scope. */
export const render: Member =
  (scope): HostFunction =>
  (args, kwargs) => {
    const text = toStr(bindArguments('render', ['string'], args, kwargs)[0])
    if (!/\{[{%#]/.test(text)) return text
    const thread = new RenderThread({ undefinedMode: 'strict', maxDepth: scope.thread.maxDepth })
    thread.stack.push(...scope.macroStack)
    return scope.session.template(text, scope.subject.original_file_path).render(thread, scope)
  }

/** `try_or_compiler_error(message, function, ...)`: the function's answer, or an error with that message. */
export const tryOrCompilerError: Member =
  (scope): HostFunction =>
  async (args, kwargs) => {
    const [message, run, ...rest] = args
    try {
      if (typeof run !== 'function') fail('compilation', 'not-callable', 'try_or_compiler_error takes a function')
      return await run(rest, kwargs)
    } catch (error) {
      if (!(error instanceof PlumbError)) throw error
      const about = { nodeId: scope.subject.unique_id, subject: describeSubject(scope.subject) }
      throw new PlumbError(diagnostic('compilation', 'raised', toStr(message), about), error)
    }
  }

/** `validation.any(...)`: a check that a value is one of those given. */
export const validation: Member = () => ({
  any: ((allowed: readonly Value[]) => (args: readonly Value[]) => {
    const [value] = args
    if (allowed.some((one) => pyEquals(one, value))) return null
    return fail(
      'validation',
      'validation-any',
      `Expected value "${toStr(value)}" to be one of ${allowed.map(toStr).join(',')}`,
    )
  }) as HostFunction,
})

/** `adapter_macro`: gone from dbt; says what to use. */
export const adapterMacro: HostFunction = (args) =>
  fail(
    'compilation',
    'adapter-macro',
    `The "adapter_macro" macro has been deprecated; it was called for: ${toStr(args[0])}`,
    {
      hint: 'use adapter.dispatch(...) to find the macro and call what it answers',
    },
  )

/** `submit_python_job`: Python models need Python. */
export const submitPythonJob: Member =
  (scope): HostFunction =>
  () =>
    fail('runtime', 'python-model', `Python models are not supported: ${scope.subject.unique_id} cannot be run`, {
      hint: 'write the model in SQL',
      nodeId: scope.subject.unique_id,
    })

/** `context_macro_stack`: macros under way. */
export const macroStack: Member = (scope: NodeScope) => ({
  depth: scope.macroStack.length,
  call_stack: scope.macroStack.map((frame) => frame.name),
})

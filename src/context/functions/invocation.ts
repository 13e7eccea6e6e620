import { SHOWN_WHEN_ON } from '../../core/flags.js'
import { DBT_VERSION } from '../../core/invocation.js'
import { PyDateTime, pythonModules, tuple, type Value } from '../../jinja/index.js'
import type { Member } from '../node-scope.js'
import { FlagsObject } from '../objects/flags.js'
import type { TemplateSession } from '../session.js'

const METADATA_PREFIX = 'DBT_ENV_CUSTOM_ENV_'

export const dbtVersion: Member = () => DBT_VERSION
export const modules: Member = ({ session }) =>
  session.shared('modules', () => pythonModules({ onItertools: () => warnOfItertools(session) }))

/** Told once, by the run: the parse does not render what it can read without. */
function warnOfItertools(session: TemplateSession): void {
  if (session.adapter === null) return
  session.shared('itertools deprecation', () => {
    session.invocation.emit({
      name: 'ModulesItertoolsUsageDeprecation',
      code: 'D034',
      level: 'warn',
      msg:
        'Deprecated functionality\n\nUsage of itertools modules is deprecated. Please use the built-in functions ' +
        'instead.',
      data: {},
    })
    return true
  })
}

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

/** `invocation_args_dict`: what the command was called with. */
export const invocationArgs: Member = ({ session }) =>
  session.shared('invocation_args_dict', () =>
    Object.fromEntries(
      Object.entries(session.flags.args)
        .filter(([name, value]) => value != null && !(value === false && SHOWN_WHEN_ON.has(name)))
        .map(([name, value]) => [name, Array.isArray(value) ? tuple(value as Value[]) : (value as Value)]),
    ),
  )

import type { Deprecations } from '../project/index.js'
import { OPTIONS, type OptionSpec } from './options.js'

type Env = Readonly<Record<string, string | undefined>>

const PREFIX = 'DBT_ENGINE_'

/** Names dbt knows beside those of its options. */
const OTHERS = [
  'ARTIFACT_STATE_PATH',
  'CLEAN_PROJECT_FILES_ONLY',
  'DEFER_TO_STATE',
  'DOWNLOAD_DIR',
  'FAVOR_STATE_MODE',
  'HOST',
  'INCLUDE_SAVED_QUERY',
  'INVOCATION_ENV',
  'NO_PRINT',
  'PACKAGE_HUB_URL',
  'PP_FILE_DIFF_TEST',
  'PP_TEST',
  'RECORDED_FILE_PATH',
  'SQLPARSE',
  'TEST_STATE_MODIFIED',
] as const

/** Variables that have another name now; the old one is stronger as long as it is there. */
const RENAMED: Readonly<Record<string, { readonly now: string; readonly negated?: true }>> = {
  DBT_DEFER_TO_STATE: { now: 'DEFER' },
  DBT_FAVOR_STATE_MODE: { now: 'FAVOR_STATE' },
  DBT_NO_PRINT: { now: 'PRINT', negated: true },
  DBT_ARTIFACT_STATE_PATH: { now: 'STATE' },
}

const FALSE = /^(?:0|false|f|no|n|off)$/i

function knownNames(): ReadonlySet<string> {
  const options = (Object.values(OPTIONS) as OptionSpec[]).flatMap(({ env }) =>
    env?.startsWith('DBT_') ? [env.slice('DBT_'.length)] : [],
  )
  return new Set([...options, ...OTHERS])
}

/**
 * The environment as dbt lets commands and templates see it: of each variable of its own, `DBT_X` and `DBT_ENGINE_X`
 * hold the same, the second being the stronger; variables under an old name fill in the new one. Tells about old
 * names, and about `DBT_ENGINE_` names that are not dbt's.
 */
export function engineEnvironment(env: Env, deprecations: Deprecations): Env {
  const known = knownNames()
  const merged: Record<string, string | undefined> = { ...env }
  for (const name of known) {
    const engine = env[PREFIX + name]
    const plain = env[`DBT_${name}`]
    if (engine !== undefined) merged[`DBT_${name}`] = engine
    else if (plain !== undefined) merged[PREFIX + name] = plain
  }
  for (const [old, { now, negated }] of Object.entries(RENAMED)) {
    const value = merged[old]
    if (value === undefined) continue
    deprecations.renamedVariable(old, PREFIX + now)
    merged[PREFIX + now] = negated ? String(FALSE.test(value.trim())) : value
  }
  for (const name of Object.keys(env)) {
    if (name.startsWith(PREFIX) && !known.has(name.slice(PREFIX.length))) deprecations.reservedVariable(name, PREFIX)
  }
  return merged
}

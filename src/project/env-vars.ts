import { fail } from '../core/diagnostic.js'
import { didYouMean } from '../core/did-you-mean.js'

/** Variables with this prefix hold secrets: usable in profiles.yml and packages.yml only, never logged. */
export const SECRET_ENV_PREFIX = 'DBT_ENV_SECRET'
/** Variables with this prefix are not shown to templates at all. */
const PRIVATE_ENV_PREFIX = 'DBT_ENV_PRIVATE'
/** Recorded for a variable that was not set when its default was used, as dbt's parse cache does. */
export const DEFAULT_ENV_PLACEHOLDER = 'DBT_DEFAULT_PLACEHOLDER'

export type Environment = Readonly<Record<string, string | undefined>>

export interface EnvVarOptions {
  /** Are `DBT_ENV_SECRET_` variables allowed here? They come back as a placeholder, see {@link revealSecrets}. */
  readonly secrets: boolean
  /** Where names read and their values are noted (secrets are not). */
  readonly used?: Map<string, string> | undefined
}

/**
 * The template function `env_var`: the variable, else the default when it is not None.
 * @throws PlumbError `env-var-missing`; `secret-env-var` where secrets are not allowed.
 */
export function readEnvVar<T>(env: Environment, name: string, fallback: T, options: EnvVarOptions): string | T {
  const secret = name.startsWith(SECRET_ENV_PREFIX)
  if (secret && !options.secrets) {
    fail(
      'parsing',
      'secret-env-var',
      `Secret env vars are allowed only in profiles.yml or packages.yml. Found '${name}' referenced elsewhere.`,
      { hint: `rename the variable if it holds no secret: the prefix ${SECRET_ENV_PREFIX} is what makes it one` },
    )
  }
  const value = name.startsWith(PRIVATE_ENV_PREFIX) ? undefined : env[name]
  if (value !== undefined) {
    if (secret) return placeholder(name)
    options.used?.set(name, value)
    return value
  }
  if (fallback === null || fallback === undefined) {
    const names = Object.keys(env).filter((each) => !each.startsWith(SECRET_ENV_PREFIX))
    const near = didYouMean(name, names)
    fail('parsing', 'env-var-missing', `Env var required but not provided: '${name}'`, {
      hint: near ?? `set it in the shell or in a .env file, or give a default: env_var('${name}', '...')`,
    })
  }
  if (!secret) options.used?.set(name, DEFAULT_ENV_PLACEHOLDER)
  return fallback
}

const START = '$$$DBT_SECRET_START$$$'
const END = '$$$DBT_SECRET_END$$$'
const PLACEHOLDER = /\$\$\$DBT_SECRET_START\$\$\$(DBT_ENV_SECRET.*?)\$\$\$DBT_SECRET_END\$\$\$/g

/** Stands for a secret while templates run, so that no filter can leak parts of it. */
function placeholder(name: string): string {
  return `${START}${name}${END}`
}

/** Puts secrets in the place of their placeholders. */
export function revealSecrets(text: string, env: Environment): string {
  return text.includes(START) ? text.replace(PLACEHOLDER, (_all, name: string) => env[name] ?? '') : text
}

/** The same text with placeholders masked: for logs. */
export function maskPlaceholders(text: string): string {
  return text.includes(START) ? text.replace(PLACEHOLDER, '*****') : text
}

/** Values of all secret variables that are set. */
export function secretValues(env: Environment): string[] {
  return Object.entries(env)
    .filter(([name, value]) => name.startsWith(SECRET_ENV_PREFIX) && (value ?? '').trim() !== '')
    .map(([, value]) => value!)
}

/** A text in which every secret's value reads `*****`. */
export function scrubSecrets(text: string, env: Environment): string {
  return secretValues(env).reduce((scrubbed, secret) => scrubbed.replaceAll(secret, '*****'), text)
}

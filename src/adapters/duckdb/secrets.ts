import { fail } from '../../core/diagnostic.js'
import { stringLiteral } from './dialect.js'

/** One entry of `secrets:`, with the name it gets. */
export interface Secret {
  readonly name: string
  readonly persistent: boolean
  /** `type`, `provider` and the secret's own keys, in the order written. */
  readonly params: readonly (readonly [string, unknown])[]
  readonly scopes: readonly string[]
}

/** Names of secrets that the profile does not name: `_dbt_secret_1` ... */
const DEFAULT_PREFIX = '_dbt_secret_'
/** Keys whose values are words of the language, not text. */
const BARE_KEYS: ReadonlySet<string> = new Set(['type', 'provider', 'extra_http_headers'])

/**
 * Reads `secrets:` and the older `use_credential_provider:`.
 * @throws PlumbError `duckdb-secrets` for an entry without a type or an unknown provider.
 */
export function readSecrets(value: unknown, credentialProvider: unknown): Secret[] {
  const entries: unknown[] = value === undefined ? [] : Array.isArray(value) ? [...value] : [value]
  if (credentialProvider !== undefined) {
    if (credentialProvider !== 'aws') {
      fail('profile', 'duckdb-secrets', `Unsupported value for use_credential_provider: ${String(credentialProvider)}`)
    }
    entries.push({ type: 's3', provider: 'credential_chain' })
  }
  return entries.map((entry, index) => {
    if (typeof entry !== 'object' || entry === null || !('type' in entry)) {
      fail('profile', 'duckdb-secrets', "Every entry of 'secrets' needs a 'type'")
    }
    const { type, name, persistent, scope, provider, ...rest } = entry as Record<string, unknown>
    return {
      name: typeof name === 'string' ? name : `${DEFAULT_PREFIX}${index + 1}`,
      persistent: persistent === true,
      params: [
        ['type', type],
        ...(provider === undefined ? [] : [['provider', provider] as const]),
        ...Object.entries(rest),
      ],
      scopes: scope === undefined || scope === null ? [] : Array.isArray(scope) ? scope.map(String) : [String(scope)],
    }
  })
}

/** `CREATE OR REPLACE SECRET name (type s3, ...)`. */
export function secretSql(secret: Secret): string {
  const params = secret.params
    .filter(([, value]) => value !== null && value !== undefined)
    .map(([key, value]) => `${key} ${secretValue(key, value)}`)
  const scopes = secret.scopes.map((scope) => `scope ${stringLiteral(scope)}`)
  const persistent = secret.persistent ? ' PERSISTENT' : ''
  return `CREATE OR REPLACE${persistent} SECRET ${secret.name} (\n    ${[...params, ...scopes].join(',\n    ')}\n)`
}

function secretValue(key: string, value: unknown): string {
  if (Array.isArray(value)) return `array [${value.map((item) => stringLiteral(String(item))).join(', ')}]`
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value).map(([k, v]) => `${stringLiteral(k)}: ${stringLiteral(String(v))}`)
    return `map {${entries.join(', ')}}`
  }
  return BARE_KEYS.has(key) ? String(value) : stringLiteral(String(value))
}

import { diagnostic, fail, PlumbError } from '../../core/diagnostic.js'
import type { CredentialField, Credentials } from '../adapter.js'
import { readProfileFields } from '../profile-fields.js'
import { type Attachment, readAttachments } from './attach.js'
import { readSecrets, type Secret } from './secrets.js'

/** A DuckDB target. Field names are the profile's own, because templates read them from `target`. */
export interface DuckDBCredentials extends Credentials {
  readonly type: 'duckdb'
  /** As written in the profile; relative to the project root. */
  readonly path: string
  readonly config_options: Readonly<Record<string, unknown>> | null
  readonly extensions: readonly Extension[] | null
  readonly settings: Readonly<Record<string, unknown>>
  readonly external_root: string
  readonly use_credential_provider: string | null
  readonly attach: readonly Attachment[] | null
  readonly disable_transactions: boolean
  readonly keep_open: boolean
  readonly retries: Retries | null
  /** CREATE SECRET statements' content; never shown to templates. */
  readonly secretList: readonly Secret[]
  /** Databases that are DuckLakes, by the name they have here. */
  readonly ducklakes: ReadonlySet<string>
  /** What the profile asks for and only Python could give: refused when a connection is opened. */
  readonly unsupported: readonly string[]
}

export type Extension = string | { readonly name: string; readonly repo: string }

export interface Retries {
  readonly connect_attempts: number
  readonly query_attempts: number | null
  /** Names of DuckDB's Python exceptions: `IOException`, `TransactionException`. */
  readonly retryable_exceptions: readonly string[]
}

export const fields: readonly CredentialField[] = [
  { name: 'path', kind: 'path', default: ':memory:', about: 'the database file, or :memory:' },
  { name: 'database', kind: 'string', about: 'name of the database; follows from the path' },
  { name: 'schema', kind: 'string', default: 'main', about: 'schema that models are built in' },
  { name: 'config_options', kind: 'any', about: 'DuckDB configuration given when the database is opened' },
  { name: 'extensions', kind: 'any', about: 'extensions to install and load: names, or {name, repo}' },
  { name: 'settings', kind: 'any', about: 'DuckDB settings of every connection' },
  {
    name: 'secrets',
    kind: 'any',
    secret: true,
    about: 'entries of the secret manager: type, name, provider, scope ...',
  },
  { name: 'external_root', kind: 'path', default: '.', about: 'folder that external materializations write to' },
  { name: 'use_credential_provider', kind: 'string', about: "'aws' to find S3 credentials as the AWS tools do" },
  { name: 'attach', kind: 'any', about: 'more databases: path, alias, type, read_only, secret, options' },
  { name: 'filesystems', kind: 'any', about: 'file systems of Python: not supported, use extensions and secrets' },
  { name: 'remote', kind: 'any', about: 'a Buena Vista server: not supported' },
  { name: 'plugins', kind: 'any', about: 'Python plug-ins of dbt-duckdb: refused where a source or model uses one' },
  { name: 'disable_transactions', kind: 'boolean', default: false, about: 'run statements without BEGIN and COMMIT' },
  { name: 'keep_open', kind: 'boolean', default: true, about: 'hold the database file between statements' },
  { name: 'module_paths', kind: 'any', about: 'paths of Python modules: no effect here' },
  { name: 'retries', kind: 'any', about: 'connect_attempts, query_attempts, retryable_exceptions' },
  { name: 'is_ducklake', kind: 'boolean', about: 'the database is a DuckLake though its path does not say so' },
  { name: 'motherduck_token', kind: 'string', secret: true, about: 'token for MotherDuck' },
  { name: 'flights', kind: 'any', about: 'MotherDuck Flights: no effect here' },
]

const MOTHERDUCK = /^(md|motherduck):/i

/**
 * Checks and completes a `type: duckdb` output, as dbt-duckdb does.
 * @throws PlumbError kind `profile` for a wrong field, a database that does not fit the path, or MotherDuck.
 */
export function readCredentials(output: Readonly<Record<string, unknown>>): DuckDBCredentials {
  const given = readProfileFields('duckdb', fields, output)
  const path = String(given['path'])
  const attach = given['attach'] === undefined ? null : readAttachments(given['attach'])
  refuseMotherDuck(path, attach)
  const settings = record(given['settings'], 'settings') ?? {}
  return {
    type: 'duckdb',
    threads: typeof output['threads'] === 'number' ? output['threads'] : 1,
    path,
    database: readDatabase(given['database'], path, attach),
    schema: String(given['schema']),
    config_options: record(given['config_options'], 'config_options'),
    extensions: readExtensions(given['extensions']),
    settings,
    external_root: String(given['external_root']),
    use_credential_provider:
      typeof given['use_credential_provider'] === 'string' ? given['use_credential_provider'] : null,
    attach,
    disable_transactions: given['disable_transactions'] === true,
    keep_open: given['keep_open'] !== false,
    retries: readRetries(given['retries']),
    secretList: readSecrets(given['secrets'], given['use_credential_provider']),
    ducklakes: ducklakeNames(path, given['is_ducklake'] === true, attach),
    unsupported: [
      ...(given['filesystems'] === undefined ? [] : ['filesystems']),
      ...(given['remote'] === undefined ? [] : ['remote']),
    ],
  }
}

/** What `target` shows to templates: dbt-duckdb's connection keys, without secrets. */
export function targetVars(credentials: Credentials): Record<string, unknown> {
  const duckdb = credentials as DuckDBCredentials
  return {
    database: duckdb.database,
    schema: duckdb.schema,
    path: duckdb.path,
    config_options: duckdb.config_options,
    extensions: duckdb.extensions,
    settings: Object.fromEntries(
      Object.entries(duckdb.settings).filter(([key]) => !/token|secret|password/i.test(key)),
    ),
    external_root: duckdb.external_root,
    use_credential_provider: duckdb.use_credential_provider,
    attach: duckdb.attach,
    filesystems: null,
    remote: null,
    plugins: null,
    disable_transactions: duckdb.disable_transactions,
  }
}

/**
 * The name DuckDB gives to the database in a file: what stands before the first dot of the file's name.
 * `my.db.duckdb` -> `my`, `.hidden.duckdb` -> `hidden`, `ducklake:meta.ducklake` -> `meta`.
 */
export function databaseOfPath(path: string): string {
  if (path === ':memory:') return 'memory'
  const withoutScheme = path.replace(/^(?:[a-z][a-z0-9+.-]+:(?:\/\/)?)+/i, '').replace(/[?#].*$/, '')
  const file = withoutScheme.split('/').at(-1) ?? ''
  return file.replace(/^\.+/, '').split('.')[0] ?? ''
}

function readDatabase(given: unknown, path: string, attach: readonly Attachment[] | null): string {
  const derived = databaseOfPath(path)
  if (derived === '') {
    fail('profile', 'duckdb-database-unknown', "Unable to determine target database name from 'path' field in profile")
  }
  if (given === undefined || given === derived) return derived
  const database = String(given)
  if (attach?.some((attachment) => attachment.alias === database)) return database
  fail(
    'profile',
    'duckdb-database-differs',
    "Inconsistency detected between 'path' and 'database' fields in profile; " +
      `the 'database' property must be set to '${derived}' to match the 'path'`,
  )
}

function refuseMotherDuck(path: string, attach: readonly Attachment[] | null): void {
  const found = [path, ...(attach ?? []).map((attachment) => attachment.path)].find((each) => MOTHERDUCK.test(each))
  if (found === undefined) return
  fail('profile', 'motherduck-not-supported', `MotherDuck databases are not supported: ${found.replace(/\?.*$/, '')}`, {
    hint: 'use a local DuckDB file, a DuckLake, or attach another database',
  })
}

function ducklakeNames(path: string, isDucklake: boolean, attach: readonly Attachment[] | null): ReadonlySet<string> {
  const names = new Set<string>()
  if (isDucklake || /ducklake:/i.test(path)) names.add(databaseOfPath(path))
  for (const attachment of attach ?? []) {
    if (attachment.is_ducklake || /ducklake:/i.test(attachment.path)) {
      names.add(attachment.alias ?? databaseOfPath(attachment.path))
    }
  }
  return names
}

function readExtensions(value: unknown): readonly Extension[] | null {
  if (value === undefined) return null
  if (!Array.isArray(value)) wrongField('extensions', 'a list of names or of {name, repo}')
  return value.map((entry: unknown): Extension => {
    if (typeof entry === 'string') return entry
    const named = record(entry, 'extensions')
    if (named === null || typeof named['name'] !== 'string' || typeof named['repo'] !== 'string') {
      wrongField('extensions', 'a list of names or of {name, repo}')
    }
    return { name: named['name'], repo: named['repo'] }
  })
}

function readRetries(value: unknown): Retries | null {
  const given = record(value, 'retries')
  if (given === null) return null
  const exceptions = given['retryable_exceptions']
  return {
    connect_attempts: typeof given['connect_attempts'] === 'number' ? given['connect_attempts'] : 1,
    query_attempts: typeof given['query_attempts'] === 'number' ? given['query_attempts'] : null,
    retryable_exceptions: Array.isArray(exceptions) ? exceptions.map(String) : ['IOException'],
  }
}

function record(value: unknown, field: string): Record<string, unknown> | null {
  if (value === undefined || value === null) return null
  if (typeof value === 'object' && !Array.isArray(value)) return value as Record<string, unknown>
  wrongField(field, 'a mapping')
}

function wrongField(field: string, wanted: string): never {
  throw new PlumbError(
    diagnostic('profile', 'profile-field-type', `Credentials in profile, target invalid: '${field}' must be ${wanted}`),
  )
}

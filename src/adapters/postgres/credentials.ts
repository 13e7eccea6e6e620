import type { CredentialField, Credentials } from '../adapter.js'
import { readProfileFields } from '../profile-fields.js'

/** A PostgreSQL target; field names are the profile's own. */
export interface PostgresCredentials extends Credentials {
  readonly type: 'postgres'
  readonly host: string
  readonly port: number
  readonly user: string
  readonly password: string
  /** Seconds. */
  readonly connect_timeout: number
  readonly role: string | null
  readonly search_path: string | null
  /** Seconds of silence before the socket is probed; 0 leaves it to the system. */
  readonly keepalives_idle: number
  readonly sslmode: string | null
  readonly sslcert: string | null
  readonly sslkey: string | null
  readonly sslrootcert: string | null
  readonly application_name: string
  /** Every statement commits by itself; BEGIN and COMMIT are left out. */
  readonly autocommit: boolean
  readonly retries: number
}

export const fields: readonly CredentialField[] = [
  { name: 'host', kind: 'string', required: true, about: 'name of the server, or the directory of its socket' },
  { name: 'user', kind: 'string', required: true, about: 'role to log in as' },
  { name: 'password', kind: 'string', required: true, secret: true, aliases: ['pass'], about: 'its password' },
  { name: 'port', kind: 'integer', required: true, about: 'usually 5432' },
  { name: 'database', kind: 'string', required: true, aliases: ['dbname'], about: 'name of the database' },
  { name: 'schema', kind: 'string', required: true, about: 'schema that models are built in' },
  { name: 'connect_timeout', kind: 'integer', default: 10, about: 'seconds until connecting is given up' },
  { name: 'role', kind: 'string', about: 'role to take after the log-in' },
  { name: 'search_path', kind: 'string', about: 'schemas that names without one are looked for in' },
  { name: 'keepalives_idle', kind: 'integer', default: 0, about: 'seconds of silence before the socket is probed' },
  { name: 'sslmode', kind: 'string', about: 'disable, allow, prefer, require, verify-ca or verify-full' },
  { name: 'sslcert', kind: 'path', about: 'file of the client certificate' },
  { name: 'sslkey', kind: 'path', about: "file of the client certificate's key" },
  { name: 'sslrootcert', kind: 'path', about: 'file of the certificates that are trusted' },
  { name: 'application_name', kind: 'string', default: 'dbt', about: 'what the server lists the sessions as' },
  { name: 'autocommit', kind: 'boolean', default: false, about: 'every statement commits by itself' },
  { name: 'retries', kind: 'integer', default: 1, about: 'how often connecting is tried again' },
]

/**
 * Checks and completes a `type: postgres` output.
 * @throws PlumbError kind `profile` for missing or ill-typed fields.
 */
export function readCredentials(output: Readonly<Record<string, unknown>>): PostgresCredentials {
  const given = readProfileFields('postgres', fields, output)
  const text = (name: string): string | null => (typeof given[name] === 'string' ? given[name] : null)
  return {
    type: 'postgres',
    threads: typeof output['threads'] === 'number' ? output['threads'] : 1,
    host: String(given['host']),
    port: Number(given['port']),
    user: String(given['user']),
    password: String(given['password']),
    database: String(given['database']),
    schema: String(given['schema']),
    connect_timeout: Number(given['connect_timeout']),
    role: text('role'),
    search_path: text('search_path'),
    keepalives_idle: Number(given['keepalives_idle']),
    sslmode: text('sslmode'),
    sslcert: text('sslcert'),
    sslkey: text('sslkey'),
    sslrootcert: text('sslrootcert'),
    // Said to be nothing, it is nothing; not said at all, it is dbt's.
    application_name: output['application_name'] === null ? '' : String(given['application_name']),
    autocommit: given['autocommit'] === true,
    retries: Number(given['retries']),
  }
}

/** What `target` shows to templates: dbt-postgres's connection keys and their older names; no password. */
export function targetVars(credentials: Credentials): Record<string, unknown> {
  const { password: _password, threads: _threads, type: _type, ...shown } = credentials as PostgresCredentials
  return { ...shown, dbname: shown.database }
}

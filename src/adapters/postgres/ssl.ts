import { readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { type ConnectionOptions, checkServerIdentity } from 'node:tls'
import { fail } from '../../core/diagnostic.js'
import type { PostgresCredentials } from './credentials.js'

/** How a connection is tried: with these TLS options, or in the clear. */
export type SslAttempt = ConnectionOptions | false

type Env = Readonly<Record<string, string | undefined>>

const MODES = ['disable', 'allow', 'prefer', 'require', 'verify-ca', 'verify-full']

/**
 * The ways to connect that `sslmode` allows, in the order they are tried, as libpq does: `prefer` (the default) takes
 * TLS where the server has it, `allow` the other way round, `require` and above insist on it. What the profile leaves
 * open comes from libpq's variables (`PGSSLMODE`, `PGSSLROOTCERT` ...), then from its files in `~/.postgresql`.
 * @throws PlumbError `postgres-ssl` for an unknown mode, or a file that is needed and cannot be read.
 */
export function sslAttempts(credentials: PostgresCredentials, env: Env): readonly SslAttempt[] {
  const mode = credentials.sslmode || env['PGSSLMODE'] || 'prefer'
  if (!MODES.includes(mode))
    fail('profile', 'postgres-ssl', `invalid sslmode value: "${mode}"`, { hint: `it is one of ${MODES.join(', ')}` })
  if (mode === 'disable' || credentials.host.startsWith('/')) return [false]
  const verifies = mode.startsWith('verify-')
  const trusted = trustedIssuers(credentials.sslrootcert ?? env['PGSSLROOTCERT'] ?? null, verifies, mode)
  const files = { ...trusted, ...clientCertificate(credentials, env) }
  const unchecked: ConnectionOptions = { ...files, rejectUnauthorized: false }
  const checkedIssuer: ConnectionOptions = { ...files, rejectUnauthorized: true, checkServerIdentity: () => undefined }
  switch (mode) {
    case 'prefer':
      return [unchecked, false]
    case 'allow':
      return [false, unchecked]
    case 'require':
      // With certificates to trust at hand, libpq checks the issuer here too.
      return [trusted.ca === undefined ? unchecked : checkedIssuer]
    case 'verify-ca':
      return [checkedIssuer]
    default:
      return [
        {
          ...files,
          rejectUnauthorized: true,
          // The name of the profile, an address too: what the driver tells TLS is not always it.
          checkServerIdentity: (_name, certificate) => checkServerIdentity(credentials.host, certificate),
        },
      ]
  }
}

/** The certificates to trust: those of a file, or with `system` those that come with the runtime. */
function trustedIssuers(path: string | null, needed: boolean, mode: string): { ca?: string } {
  if (path === 'system') return {}
  const file = path ?? ownFile('root.crt')
  const text = readPem(file)
  if (text !== undefined) return { ca: text }
  if (!needed) return {}
  fail('profile', 'postgres-ssl', `root certificate file "${file}" does not exist`, {
    hint: `sslmode ${mode} compares with it: give the file as sslrootcert, or use the system's with \`sslrootcert: system\``,
  })
}

/** What the client shows of itself, if there is something: without a certificate the key is of no use. */
function clientCertificate(credentials: PostgresCredentials, env: Env): { cert?: string; key?: string } {
  const cert = readPem(credentials.sslcert ?? env['PGSSLCERT'] ?? ownFile('postgresql.crt'))
  if (cert === undefined) return {}
  const file = credentials.sslkey ?? env['PGSSLKEY'] ?? ownFile('postgresql.key')
  const key = readPem(file)
  if (key !== undefined) return { cert, key }
  fail('profile', 'postgres-ssl', `certificate present, but not private key file "${file}"`, {
    hint: 'name the file of the key as sslkey',
  })
}

const ownFile = (name: string): string => join(homedir(), '.postgresql', name)

/** The text of a file; undefined when there is no such file, which libpq passes over. */
function readPem(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined
    fail('profile', 'postgres-ssl', `cannot read the certificate file ${path}: ${message}`)
  }
}

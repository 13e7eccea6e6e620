import { readFileSync } from 'node:fs'
import type { ConnectionOptions } from 'node:tls'
import { fail } from '../../core/diagnostic.js'
import type { PostgresCredentials } from './credentials.js'

/** How a connection is tried: with these TLS options, or in the clear. */
export type SslAttempt = ConnectionOptions | false

/**
 * The ways to connect that `sslmode` allows, in the order they are tried, as libpq does: `prefer` (the default) takes
 * TLS where the server has it, `allow` the other way round, `require` and above insist on it.
 * @throws PlumbError `postgres-ssl` for an unknown mode or a file that cannot be read.
 */
export function sslAttempts(credentials: PostgresCredentials): readonly SslAttempt[] {
  const mode = credentials.sslmode ?? 'prefer'
  if (mode === 'disable' || credentials.host.startsWith('/')) return [false]
  const trusted = readPem(credentials.sslrootcert)
  const files = {
    ...(trusted === undefined ? {} : { ca: trusted }),
    ...(credentials.sslcert === null ? {} : { cert: readPem(credentials.sslcert) }),
    ...(credentials.sslkey === null ? {} : { key: readPem(credentials.sslkey) }),
  }
  const unchecked: ConnectionOptions = { ...files, rejectUnauthorized: false }
  const checkedIssuer: ConnectionOptions = { ...files, rejectUnauthorized: true, checkServerIdentity: () => undefined }
  switch (mode) {
    case 'prefer':
      return [unchecked, false]
    case 'allow':
      return [false, unchecked]
    case 'require':
      // With certificates to trust at hand, libpq checks the issuer here too.
      return [trusted === undefined ? unchecked : checkedIssuer]
    case 'verify-ca':
      return [checkedIssuer]
    case 'verify-full':
      return [{ ...files, rejectUnauthorized: true }]
    default:
      fail('profile', 'postgres-ssl', `invalid sslmode value: "${mode}"`, {
        hint: 'it is one of disable, allow, prefer, require, verify-ca, verify-full',
      })
  }
}

function readPem(path: string | null): string | undefined {
  if (path === null) return undefined
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    fail('profile', 'postgres-ssl', `cannot read the certificate file ${path}: ${(error as Error).message}`)
  }
}

import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import postgres from '../../src/adapters/postgres/index.js'
import { freePort, postgresMissing, startPostgres, type TestServer } from '../support/postgres.js'

const hasOpenssl = (): boolean => {
  try {
    execFileSync('openssl', ['version'], { stdio: 'pipe' })
    return true
  } catch {
    return false
  }
}
const missing = postgresMissing() ?? (hasOpenssl() ? null : 'no openssl: connecting with TLS is not tested')
if (missing !== null) console.warn(missing)

const folder = mkdtempSync(join(tmpdir(), 'plumb-postgres-tls-'))
const file = (name: string): string => join(folder, name)
const openssl = (...args: string[]): unknown => execFileSync('openssl', args, { cwd: folder, stdio: 'pipe' })

/** An authority, a certificate of the server for `localhost` and one of the user `shown`; another authority. */
function makeCertificates(): void {
  const key = ['-newkey', 'rsa:2048', '-nodes']
  for (const name of ['ca', 'other'])
    openssl(
      'req',
      '-x509',
      ...key,
      '-days',
      '2',
      '-subj',
      `/CN=${name}`,
      '-keyout',
      `${name}.key`,
      '-out',
      `${name}.crt`,
    )
  const names: Record<string, string> = { server: 'localhost', client: 'shown' }
  for (const [name, subject] of Object.entries(names)) {
    openssl('req', ...key, '-subj', `/CN=${subject}`, '-keyout', `${name}.key`, '-out', `${name}.csr`)
    const signed = ['-CA', 'ca.crt', '-CAkey', 'ca.key', '-CAcreateserial', '-days', '2', '-out', `${name}.crt`]
    openssl('x509', '-req', '-in', `${name}.csr`, ...signed)
  }
}

const USERS = 'create role tls superuser login; create role clear superuser login; create role shown superuser login'

let server: TestServer

interface Asked {
  readonly output: Readonly<Record<string, unknown>>
  readonly env?: Readonly<Record<string, string>>
  readonly sql?: string
}

/** What a fresh session answers first, or why there is none. */
async function ask({
  output,
  env = {},
  sql = 'select ssl from pg_stat_ssl where pid = pg_backend_pid()',
}: Asked): Promise<unknown> {
  const given = { ...server.output, host: 'localhost', retries: 0, connect_timeout: 5, ...output }
  const adapter = await postgres.open(postgres.credentials(given, '.'), {
    projectRoot: '.',
    threads: 1,
    signal: new AbortController().signal,
    env,
  })
  try {
    const session = await adapter.connect('asking')
    return (await session.execute(sql, { fetch: true })).data[0]?.[0]
  } catch (error) {
    return (error as Error).message
  } finally {
    await adapter.close()
  }
}

describe.skipIf(missing !== null)('connecting to PostgreSQL', () => {
  beforeAll(async () => {
    makeCertificates()
    const text = (name: string): string => readFileSync(file(name), 'utf8')
    server = await startPostgres({
      files: { 'server.crt': text('server.crt'), 'server.key': text('server.key'), 'ca.crt': text('ca.crt') },
      settings: ['ssl=on', 'ssl_cert_file=server.crt', 'ssl_key_file=server.key', 'ssl_ca_file=ca.crt'],
      hba: [
        'hostssl all shown 127.0.0.1/32 cert',
        'hostssl all tls 127.0.0.1/32 trust',
        'hostnossl all clear 127.0.0.1/32 trust',
        'host all plumb 127.0.0.1/32 trust',
      ],
    })
    await ask({ output: {}, sql: USERS })
  }, 60_000)
  afterAll(async () => {
    await server?.stop()
    rmSync(folder, { recursive: true, force: true })
  })

  // Each of these was asked of psycopg2 on such a server too, as dbt-postgres connects.
  const refused = /no pg_hba\.conf entry/
  const unknownIssuer = /certificate/
  const noRoot = /^root certificate file ".*" does not exist$/
  test.each<readonly [string, string | null, string, unknown]>([
    ['nothing said', null, 'plumb', true],
    ['nothing said, in the clear only', null, 'clear', false],
    ['disable', 'disable', 'plumb', false],
    ['disable, TLS only', 'disable', 'tls', refused],
    ['allow', 'allow', 'plumb', false],
    ['allow, TLS only', 'allow', 'tls', true],
    ['prefer', 'prefer', 'plumb', true],
    ['prefer, in the clear only', 'prefer', 'clear', false],
    ['require', 'require', 'plumb', true],
    ['require, in the clear only', 'require', 'clear', refused],
  ])('sslmode: %s', async (_name, sslmode, user, expected) => {
    const answer = await ask({ output: { user, ...(sslmode === null ? {} : { sslmode }) } })
    if (expected instanceof RegExp) expect(answer).toMatch(expected)
    else expect(answer).toBe(expected)
  })

  test.each<readonly [string, string, string, unknown]>([
    ['require', 'ca.crt', 'localhost', true],
    ['require', 'other.crt', 'localhost', unknownIssuer],
    ['require', 'missing.crt', 'localhost', true],
    ['verify-ca', 'ca.crt', '127.0.0.1', true],
    ['verify-ca', 'other.crt', '127.0.0.1', unknownIssuer],
    ['verify-ca', 'missing.crt', 'localhost', noRoot],
    ['verify-full', 'ca.crt', 'localhost', true],
    ['verify-full', 'ca.crt', '127.0.0.1', /does not match/],
    ['verify-full', 'other.crt', 'localhost', unknownIssuer],
  ])('%s with %s to %s', async (sslmode, sslrootcert, host, expected) => {
    const answer = await ask({ output: { sslmode, sslrootcert: file(sslrootcert), host } })
    if (expected instanceof RegExp) expect(answer).toMatch(expected)
    else expect(answer).toBe(expected)
  })

  test('a certificate of the client is shown where the server wants one', async () => {
    const user = { user: 'shown', sslmode: 'verify-full', sslrootcert: file('ca.crt') }
    expect(await ask({ output: user })).toBe('connection requires a valid client certificate')
    expect(await ask({ output: { ...user, sslcert: file('client.crt'), sslkey: file('client.key') } })).toBe(true)
    expect(await ask({ output: { ...user, sslcert: file('client.crt'), sslkey: file('none') } })).toMatch(
      /^certificate present, but not private key file/,
    )
    expect(await ask({ output: { sslmode: 'require', sslcert: file('none') } })).toBe(true)
  })

  test("libpq's variables count where the profile says nothing", async () => {
    const env = { PGSSLMODE: 'verify-full', PGSSLROOTCERT: file('ca.crt') }
    expect(await ask({ output: {}, env })).toBe(true)
    expect(await ask({ output: { host: '127.0.0.1' }, env })).toMatch(/does not match/)
    expect(await ask({ output: { sslmode: 'disable' }, env })).toBe(false)
    expect(await ask({ output: {}, env: { PGSSLMODE: 'sometimes' } })).toMatch(/invalid sslmode/)
  })

  test('a role is written as in SQL: its case is folded unless it is quoted', async () => {
    await ask({ output: {}, sql: 'create role analyst; create role "My Role"; create role "has-hyphen"' })
    const whoAmI = (role: string): Promise<unknown> => ask({ output: { role }, sql: 'select current_user::text' })
    expect(await whoAmI('ANALYST')).toBe('analyst')
    expect(await whoAmI('"My Role"')).toBe('My Role')
    expect(await whoAmI('has-hyphen')).toBe('has-hyphen')
    expect(await whoAmI('none')).toBe('plumb')
    expect(await whoAmI('nobody_here')).toBe('role "nobody_here" does not exist')
  })

  test('sessions have the name they are given, and keepalives', async () => {
    const sql = "select current_setting('application_name')"
    expect(await ask({ output: { keepalives_idle: 7 }, sql })).toBe('dbt')
    expect(await ask({ output: { application_name: null }, sql })).toBe('')
    expect(await ask({ output: { application_name: 'nightly run' }, sql })).toBe('nightly run')
  })

  test('a server that is still to start is tried again', async () => {
    const port = await freePort()
    const asking = ask({ output: { host: '127.0.0.1', port, retries: 3 }, sql: 'select 1 as one' })
    const late = await startPostgres({ port })
    try {
      expect(await asking).toBe(1)
    } finally {
      await late.stop()
    }
  }, 60_000)
})

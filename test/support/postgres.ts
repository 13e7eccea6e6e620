import { type ChildProcess, execFileSync, type SpawnOptions, spawn } from 'node:child_process'
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import pg from 'pg'

/** A PostgreSQL server of the tests' own. */
export interface TestServer {
  readonly host: string
  readonly port: number
  readonly user: string
  readonly password: string
  readonly database: string
  /** A profile output for it. */
  readonly output: Readonly<Record<string, unknown>>
  stop(): Promise<void>
}

/** Where distributions put the server's programs, newest version first. */
function binDirectory(): string | null {
  const roots = ['/usr/lib/postgresql', '/usr/pgsql', '/opt/homebrew/opt', '/usr/local/opt', '/Library/PostgreSQL']
  const versioned = roots.flatMap((root) => {
    if (!existsSync(root)) return []
    return readdirSync(root)
      .sort((a, b) => b.localeCompare(a, 'en', { numeric: true }))
      .map((name) => join(root, name, 'bin'))
  })
  const onPath = (process.env['PATH'] ?? '').split(':')
  return (
    [...onPath, ...versioned, '/usr/local/bin'].find(
      (dir) => existsSync(join(dir, 'initdb')) && existsSync(join(dir, 'postgres')),
    ) ?? null
  )
}

/** The server refuses to run as root: another user's ids, when we are root. */
function unprivileged(): { uid: number; gid: number } | Record<string, never> {
  if (process.getuid?.() !== 0) return {}
  for (const name of ['postgres', 'nobody']) {
    try {
      const id = (flag: string): number => Number(execFileSync('id', [flag, name], { encoding: 'utf8', stdio: 'pipe' }))
      return { uid: id('-u'), gid: id('-g') }
    } catch {
      // No such user here.
    }
  }
  return {}
}

/** Why there is no server to test with, or null when there is one. */
export function postgresMissing(): string | null {
  return binDirectory() === null ? 'no PostgreSQL server found (initdb and postgres): its tests are skipped' : null
}

export interface ServerOptions {
  readonly port?: number
  /** Lines of pg_hba.conf in place of those that let everybody in. */
  readonly hba?: readonly string[]
  /** Files put beside the data, readable by the server only. */
  readonly files?: Readonly<Record<string, string>>
  readonly settings?: readonly string[]
}

export { freePort }

/** Starts an empty server on a free port of this machine. Stop it in the end. */
export async function startPostgres(given: ServerOptions = {}): Promise<TestServer> {
  const bin = binDirectory()
  if (bin === null) throw new Error('no PostgreSQL server on this machine')
  const who = unprivileged()
  const data = mkdtempSync(join(tmpdir(), 'plumb-postgres-'))
  if (who.uid !== undefined) chownSync(data, who.uid, who.gid)
  const options: SpawnOptions = {
    ...who,
    cwd: data,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: process.env['PATH'] ?? dirname(bin), LC_ALL: 'C' },
  }
  execFileSync(join(bin, 'initdb'), ['-D', data, '-U', 'plumb', '-A', 'trust', '-E', 'UTF8', '--no-sync'], {
    ...options,
    stdio: 'pipe',
  } as object)
  for (const [name, text] of Object.entries(given.files ?? {})) {
    writeFileSync(join(data, name), text, { mode: 0o600 })
    if (who.uid !== undefined) chownSync(join(data, name), who.uid, who.gid)
  }
  if (given.hba !== undefined) writeFileSync(join(data, 'pg_hba.conf'), `${given.hba.join('\n')}\n`)
  const port = given.port ?? (await freePort())
  const settings = [
    ...(given.settings ?? []),
    'fsync=off',
    'listen_addresses=127.0.0.1',
    `port=${port}`,
    `unix_socket_directories=${data}`,
    'max_connections=40',
  ]
  const server = spawn(join(bin, 'postgres'), ['-D', data, ...settings.flatMap((each) => ['-c', each])], options)
  const account = { host: '127.0.0.1', port, user: 'plumb', password: 'plumb', database: 'postgres' }
  await untilReady(server, account)
  return {
    ...account,
    output: { type: 'postgres', ...account, schema: 'public', threads: 4 },
    async stop() {
      const ended = new Promise((resolve) => server.once('exit', resolve))
      server.kill('SIGINT')
      await ended
      rmSync(data, { recursive: true, force: true })
    },
  }
}

async function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer()
    probe.once('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address()
      probe.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0))
    })
  })
}

async function untilReady(server: ChildProcess, account: pg.ClientConfig): Promise<void> {
  let said = ''
  server.stderr?.on('data', (chunk: Buffer) => {
    said += chunk.toString()
  })
  server.stdout?.resume()
  for (let attempt = 0; attempt < 100; attempt++) {
    if (server.exitCode !== null) throw new Error(`PostgreSQL did not start:\n${said}`)
    const client = new pg.Client(account)
    client.on('error', () => {})
    try {
      await client.connect()
      await client.end()
      return
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
  }
  server.kill()
  throw new Error(`PostgreSQL did not answer:\n${said}`)
}

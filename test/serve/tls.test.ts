import { type ChildProcess, execFile, execFileSync, spawn } from 'node:child_process'
import { copyFileSync, mkdtempSync, readFileSync } from 'node:fs'
import { createConnection } from 'node:net'
import { networkInterfaces, tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { makeVerifier } from '../../src/query/identity/scram.js'
import { formatVerifier } from '../../src/query/index.js'
import { REPO, type TestProject, testProject } from '../support/project.js'
import { SHOP } from '../support/served-project.js'

const run = promisify(execFile)

/** Programs that the tests need, where they are. */
const missing = ['openssl', 'psql', 'curl'].filter((name) => {
  try {
    execFileSync(name, ['version', '--version'].slice(name === 'openssl' ? 0 : 1).slice(0, 1), { stdio: 'pipe' })
    return false
  } catch {
    return true
  }
})
if (missing.length > 0) console.info(`skipped: TLS is tested with ${missing.join(' and ')}, which are not here`)

const folder = mkdtempSync(join(tmpdir(), 'plumb-tls-'))
const file = (name: string): string => join(folder, name)

/** A certificate for this machine that is its own root. */
function makeCertificate(name: string): void {
  const about = ['-subj', `/CN=${name}`, '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1', '-days', '2']
  const out = ['-keyout', file(`${name}.key`), '-out', file(`${name}.crt`)]
  execFileSync('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', ...about, ...out], { stdio: 'pipe' })
}

interface Server {
  readonly http: string
  readonly port: number
  stop(): Promise<void>
}

async function serve(project: TestProject, args: readonly string[], env: Record<string, string> = {}): Promise<Server> {
  const child: ChildProcess = spawn(
    process.execPath,
    [join(REPO, 'bin', 'plumb.js'), 'serve', '--http-port', '0', '--pg-port', '0', '--output', 'json', ...args],
    {
      cwd: project.dir,
      env: { PATH: process.env['PATH'], HOME: project.dir, NO_COLOR: '1', DBT_PROFILES_DIR: project.dir, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  )
  const exited = new Promise<void>((done) => child.once('exit', () => done()))
  let out = ''
  const line = await new Promise<string>((found, failed) => {
    child.stderr!.setEncoding('utf8').on('data', (text: string) => {
      out += text
    })
    child.stdout!.setEncoding('utf8').on('data', (text: string) => {
      out += text
      const listening = out.split('\n').find((each) => each.startsWith('{"listening"'))
      if (listening !== undefined) found(listening)
    })
    void exited.then(() => failed(new Error(out)))
  })
  const { listening } = JSON.parse(line) as { listening: { http: { url: string }; pgwire: { port: number } } }
  return {
    http: listening.http.url,
    port: listening.pgwire.port,
    async stop() {
      child.kill('SIGTERM')
      await exited
    },
  }
}

let project: TestProject
let server: Server

beforeAll(async () => {
  if (missing.length > 0) return
  for (const name of ['first', 'second']) makeCertificate(name)
  for (const kind of ['crt', 'key']) copyFileSync(file(`first.${kind}`), file(`server.${kind}`))
  const password = formatVerifier(await makeVerifier('secret'))
  project = testProject({ ...SHOP, 'users.yml': `users:\n  - {name: ana, owner: true, password: '${password}'}\n` })
  const built = await project.run('build')
  expect(built.code, built.stdout).toBe(0)
  server = await serve(project, ['--host', '0.0.0.0', '--tls-cert', file('server.crt')], {
    PLUMB_TLS_KEY: file('server.key'),
  })
}, 60_000)

afterAll(async () => {
  await server?.stop()
})

const psql = (host: string, words: string): Promise<{ stdout: string }> =>
  run('psql', [`host=${host} port=${server.port} dbname=shop user=ana password=secret ${words}`, '-XAtc', 'select 1'], {
    env: { PATH: process.env['PATH'], HOME: folder },
  })
const trusting = (name: string): string => `sslrootcert=${file(`${name}.crt`)}`

describe.skipIf(missing.length > 0)('with a certificate', () => {
  it('psql is let in over TLS, and finds out who the server is', async () => {
    expect((await psql('127.0.0.1', 'sslmode=require')).stdout).toBe('1\n')
    expect((await psql('localhost', `sslmode=verify-full ${trusting('first')}`)).stdout).toBe('1\n')
    await expect(psql('localhost', `sslmode=verify-full ${trusting('second')}`)).rejects.toThrow(/certificate verify/)
  })

  it('clients of other machines must use it', async () => {
    const address = Object.values(networkInterfaces())
      .flatMap((each) => each ?? [])
      .find(({ family, internal }) => family === 'IPv4' && !internal)?.address
    if (address === undefined) return
    await expect(psql(address, 'sslmode=disable')).rejects.toThrow(/over TLS only/)
    expect((await psql(address, 'sslmode=require')).stdout).toBe('1\n')
    expect((await psql('127.0.0.1', 'sslmode=disable')).stdout).toBe('1\n')
  })

  it('HTTP is HTTPS', async () => {
    expect(server.http).toMatch(/^https:/)
    const url = server.http.replace('0.0.0.0', 'localhost')
    const curl = (...args: string[]) => run('curl', ['-sS', '-u', 'ana:secret', ...args, `${url}/api/v1/me`])
    expect(JSON.parse((await curl('--cacert', file('first.crt'))).stdout)).toMatchObject({ name: 'ana' })
    await expect(curl('--cacert', file('second.crt'))).rejects.toThrow(/certificate/)
    const plain = url.replace('https:', 'http:')
    await expect(run('curl', ['-sS', `${plain}/api/v1/health`])).rejects.toThrow()
  })

  it('bytes that are no handshake end the connection, and nothing else', async () => {
    const ask = Buffer.from([0, 0, 0, 8, 4, 210, 22, 47])
    for (const noise of [
      Buffer.from('GET / HTTP/1.1\r\n\r\n'),
      Buffer.alloc(4000, 0x16),
      Buffer.from([0x16, 3, 1, 0xff]),
    ]) {
      await new Promise<void>((done) => {
        const socket = createConnection(server.port, '127.0.0.1', () => socket.write(ask))
        socket.once('data', () => socket.write(noise))
        socket.on('close', () => done()).on('error', () => {})
        setTimeout(() => socket.destroy(), 1000)
      })
    }
    expect((await psql('127.0.0.1', 'sslmode=require')).stdout).toBe('1\n')
  })

  it('a renewed one is taken in while it serves, a broken one is not', async () => {
    const renewed = async (name: string): Promise<void> => {
      const deadline = Date.now() + 40_000
      for (;;) {
        try {
          await psql('localhost', `sslmode=verify-full ${trusting(name)}`)
          return
        } catch (error) {
          if (Date.now() > deadline) throw error
          await new Promise((done) => setTimeout(done, 500))
        }
      }
    }
    copyFileSync(file('second.key'), file('server.key'))
    copyFileSync(file('second.crt'), file('server.crt'))
    await renewed('second')
    const url = server.http.replace('0.0.0.0', 'localhost')
    await run('curl', ['-sS', '--cacert', file('second.crt'), `${url}/api/v1/health`])
    copyFileSync(file('first.key'), file('server.key'))
    const deadline = Date.now() + 40_000
    const log = (): string => readFileSync(join(project.dir, 'logs', 'dbt.log'), 'utf8')
    while (!log().includes('stays as it was') && Date.now() < deadline) {
      await new Promise((done) => setTimeout(done, 500))
    }
    expect(log()).toContain('The certificate stays as it was')
    await renewed('second')
  }, 120_000)

  it('a pair that does not fit, or half of one, stops the start', async () => {
    await expect(serve(project, ['--tls-cert', file('first.crt'), '--tls-key', file('second.key')])).rejects.toThrow(
      /make no certificate/,
    )
    await expect(serve(project, ['--tls-cert', file('first.crt')])).rejects.toThrow(/--tls-key/)
    await expect(serve(project, ['--tls-cert', file('none.crt'), '--tls-key', file('first.key')])).rejects.toThrow(
      /none\.crt cannot be read: ENOENT/,
    )
  })
})

// Builds the shop that the tests serve too, and serves it over the PostgreSQL protocol, for clients to be tried with.
import { execFileSync, spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { build } from 'esbuild'

const repo = join(dirname(fileURLToPath(import.meta.url)), '..', '..')

async function shop() {
  const file = join(repo, 'node_modules', '.cache', 'plumb-clients', 'shop.mjs')
  mkdirSync(dirname(file), { recursive: true })
  await build({
    stdin: { contents: "export { SHOP } from './test/support/served-project.ts'", resolveDir: repo, loader: 'ts' },
    bundle: true,
    format: 'esm',
    platform: 'node',
    packages: 'external',
    outfile: file,
    logLevel: 'error',
  })
  return (await import(pathToFileURL(file).href)).SHOP
}

/** Answers the port, and `close`, which ends the server and removes the project. */
export async function serveShop() {
  const dir = mkdtempSync(join(tmpdir(), 'plumb-clients-project-'))
  const files = {
    'dbt_project.yml': "name: test\nversion: '1.0'\nconfig-version: 2\nprofile: test\n",
    'profiles.yml': 'test:\n  target: dev\n  outputs:\n    dev: {type: duckdb, path: test.duckdb, threads: 2}\n',
    ...(await shop()),
  }
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(dir, name)), { recursive: true })
    writeFileSync(join(dir, name), content)
  }
  const plumb = join(repo, 'bin', 'plumb.js')
  const env = { ...process.env, DBT_PROFILES_DIR: dir, TZ: 'UTC' }
  execFileSync(process.execPath, [plumb, 'build', '-q'], { cwd: dir, env, stdio: ['ignore', 'pipe', 'pipe'] })
  const server = spawn(process.execPath, [plumb, 'serve', '--no-http', '--pg-port', '0', '--output', 'json'], {
    cwd: dir,
    env,
  })
  server.stderr.on('data', (text) => process.stderr.write(text))
  const port = await new Promise((found, failed) => {
    let said = ''
    server.stdout.on('data', (text) => {
      said += text
      const match = /"port":\s*(\d+)/.exec(said)
      if (match !== null) found(match[1])
    })
    server.on('exit', (code) => failed(new Error(`plumb serve ended with ${code}: ${said}`)))
  })
  const exited = new Promise((done) => server.on('exit', done))
  return {
    port,
    async close() {
      server.kill('SIGTERM')
      await exited
      rmSync(dir, { recursive: true, force: true })
    },
  }
}

// Real clients of the PostgreSQL door. Each is installed from its registry into a folder that is kept (PLUMB_CLIENTS_DIR),
// asks a served project what it is made to ask, and says in lines of JSON what worked. What cannot be installed here is
// skipped with a line. Usage: node test/clients/pgwire.mjs [name ...]
import { execFileSync, spawn } from 'node:child_process'
import { existsSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { serveShop } from './serve-shop.mjs'

const here = dirname(fileURLToPath(import.meta.url))
const scripts = join(here, 'pgwire')
const kept = process.env.PLUMB_CLIENTS_DIR ?? join(tmpdir(), 'plumb-clients')

const quiet = { stdio: ['ignore', 'pipe', 'pipe'], encoding: 'utf8' }
const run = (command, args, options = {}) => execFileSync(command, args, { ...quiet, ...options })

/** A Python of its own with these packages. */
function python(name, packages) {
  const dir = join(kept, name)
  const program = join(dir, 'bin', 'python')
  if (!existsSync(join(dir, 'ready'))) {
    run('python3', ['-m', 'venv', dir])
    run(program, ['-m', 'pip', 'install', '-q', '--disable-pip-version-check', ...packages])
    writeFileSync(join(dir, 'ready'), packages.join('\n'))
  }
  return program
}

const latest = () =>
  python('python', [
    'psycopg2-binary',
    'psycopg[binary]',
    'asyncpg',
    'sqlalchemy>=2',
    'pyodbc',
    'adbc-driver-postgresql',
    'pyarrow',
  ])

function jdbc() {
  const jars = join(kept, 'jars')
  const jar = join(jars, 'postgresql-42.7.14.jar')
  if (!existsSync(jar))
    run('mvn', ['-q', 'dependency:copy', '-Dartifact=org.postgresql:postgresql:42.7.14', `-DoutputDirectory=${jars}`])
  return jar
}

function odbc() {
  const program = latest()
  const drivers = run(program, ['-c', 'import pyodbc; print(pyodbc.drivers())'])
  if (!drivers.includes('PostgreSQL Unicode')) throw new Error('no psqlODBC: apt-get install odbc-postgresql')
  return program
}

/** Each client: how to get it, answering the command to run. */
const CLIENTS = {
  psql: () => {
    run('psql', ['--version'])
    return [process.execPath, [join(scripts, 'psql-client.mjs')]]
  },
  'node-pg': () => [process.execPath, [join(scripts, 'node-client.mjs')]],
  'psycopg 2': () => [latest(), [join(scripts, 'psycopg2_client.py')]],
  'psycopg 3': () => [latest(), [join(scripts, 'psycopg3_client.py')]],
  asyncpg: () => [latest(), [join(scripts, 'asyncpg_client.py')]],
  'sqlalchemy 2': () => [latest(), [join(scripts, 'sqlalchemy_client.py')]],
  'sqlalchemy 1.4': () => [
    python('python-sqlalchemy-1', ['sqlalchemy<2', 'psycopg2-binary']),
    [join(scripts, 'sqlalchemy_client.py')],
  ],
  pgjdbc: () => ['java', ['-cp', jdbc(), join(scripts, 'JdbcClient.java')]],
  psqlodbc: () => [odbc(), [join(scripts, 'odbc_client.py')]],
  adbc: () => [latest(), [join(scripts, 'adbc_client.py')]],
  dataframes: () => [
    python('python-dataframes', [
      'pandas',
      'polars',
      'connectorx',
      'pyarrow',
      'sqlalchemy>=2',
      'psycopg2-binary',
      'psycopg[binary]',
      'adbc-driver-postgresql',
    ]),
    [join(scripts, 'dataframes_client.py')],
  ],
  // The extension is built for one release of DuckDB.
  'duckdb attach': () => [
    python('python-duckdb', ['duckdb==1.5.5', 'duckdb-extension-postgres-scanner==1.5.5']),
    [join(scripts, 'duckdb_client.py')],
  ],
}

const { port, close } = await serveShop()

const asked = process.argv.slice(2)
let failed = 0
try {
  for (const [name, get] of Object.entries(CLIENTS)) {
    if (asked.length > 0 && !asked.includes(name)) continue
    let command
    try {
      command = get()
    } catch (error) {
      console.log(
        `${name}: skipped, it cannot be had here (${String(error.stderr || error.message)
          .trim()
          .split('\n')
          .at(-1)})`,
      )
      continue
    }
    const { output, code, errors } = await client(...command)
    const checks = output.split('\n').flatMap((line) => (line.startsWith('{') ? [JSON.parse(line)] : []))
    const wrong = checks.filter((check) => !check.ok).map((check) => check.check)
    if (wrong.length > 0 || code !== 0 || checks.length === 0) failed++
    console.log(
      `${name}: ${checks.length - wrong.length} of ${checks.length} (${checks.map((check) => `${check.ok ? '' : 'FAILED '}${check.check}`).join(', ')})`,
    )
    if (code !== 0) console.log(`ended with ${code}`, errors.trim().split('\n').slice(-8).join('\n'))
  }
} finally {
  await close()
}
process.exitCode = failed > 0 ? 1 : 0

/** The server runs beside us, so the client must not stop this process. */
function client(program, args) {
  return new Promise((done) => {
    const child = spawn(program, args, {
      cwd: scripts,
      env: { ...process.env, PLUMB_PG_PORT: port },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let output = ''
    let errors = ''
    child.stdout.on('data', (text) => (output += text))
    child.stderr.on('data', (text) => (errors += text))
    const timer = setTimeout(() => child.kill(), 180_000)
    child.on('close', (code) => {
      clearTimeout(timer)
      done({ output, errors, code })
    })
  })
}

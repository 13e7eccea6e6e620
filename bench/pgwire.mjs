// The PostgreSQL door beside PostgreSQL, and beside the query service without a door. Only ratios within one run mean
// anything.
//
//   node bench/pgwire.mjs [--rounds 5] [--clients 50] [--seconds 5]
//
// 1. 300,000 rows of six columns: the same statement on the same rows, in a PostgreSQL started for it (from PATH) and
//    through the door of a `plumb serve`, in turn. The reader is a process of its own that only counts bytes; its time is
//    in the milliseconds of both. Of PostgreSQL the CPU time of the session's backend is taken, of the door that of its
//    whole process: warehouse, compiler and garbage collector included.
// 2. Aggregates over a million rows for many clients at once, answered by the service directly, and over the wire to
//    clients in a process of their own. No answer comes from the cache.
import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { build } from 'esbuild'
import { median } from './measure.mjs'
import { buildOrders, ORDER_COLUMNS, questionOf, serveOrders } from './orders-project.mjs'

process.env.UV_THREADPOOL_SIZE ??= '16'
const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const rest = process.argv.slice(2)
const option = (name, usual) => Number(rest.includes(`--${name}`) ? rest[rest.indexOf(`--${name}`) + 1] : usual)
const rounds = option('rounds', 5)
const clients = option('clients', 50)
const seconds = option('seconds', 5)

/** Counts the bytes of one answer and says how long they took; the first messages tell the backend's number. */
const READER = `
const [port, user, sql] = process.argv.slice(1)
const socket = require('net').connect(Number(port), '127.0.0.1')
const words = Buffer.from('user\\0' + user + '\\0database\\0' + process.argv[4] + '\\0\\0')
const head = Buffer.alloc(8); head.writeInt32BE(words.length + 8, 0); head.writeInt32BE(196608, 4)
socket.write(Buffer.concat([head, words]))
let stage = 0, began = 0, total = 0, pid = 0, tail = Buffer.alloc(0)
socket.on('data', (chunk) => {
  total += chunk.length
  if (stage === 0) for (let at = 0; at + 5 <= chunk.length; at += 1 + chunk.readInt32BE(at + 1)) if (chunk[at] === 75) pid = chunk.readInt32BE(at + 5)
  tail = Buffer.concat([tail, chunk.subarray(-600)]).subarray(-600)
  const end = tail.subarray(-6)
  if (end.length < 6 || end[0] !== 90 || end.readInt32BE(1) !== 5) return
  if (stage++ === 0) {
    process.stdout.write('pid ' + pid + '\\n')
    process.stdin.once('data', () => {
      total = 0
      began = performance.now()
      const body = Buffer.from(sql + '\\0'), q = Buffer.alloc(5)
      q.write('Q', 0); q.writeInt32BE(body.length + 4, 1)
      socket.write(Buffer.concat([q, body]))
    })
  } else {
    process.stdout.write(JSON.stringify({ ms: performance.now() - began, bytes: total, whole: tail.includes('SELECT 300000'), said: tail.toString('latin1') }) + '\\n')
    process.stdin.once('data', () => process.exit(0))
  }
})`

const CLIENTS = `
import pg from ${JSON.stringify(pathToFileURL(join(root, 'node_modules', 'pg', 'esm', 'index.mjs')).href)}
const [port, count, seconds] = process.argv.slice(2).map(Number)
const all = await Promise.all(Array.from({ length: count }, async () => {
  const client = new pg.Client({ host: '127.0.0.1', port, user: 'bench', database: 'bench' })
  await client.connect()
  return client
}))
const end = performance.now() + seconds * 1000
let done = 0
await Promise.all(all.map(async (client, number) => {
  for (let turn = 0; performance.now() < end; turn++, done++) {
    await client.query('select channel, measure(revenue) from metrics.orders where customer_id = ' + ((number * 97 + turn * 13) % 5000) + ' group by 1')
  }
}))
console.log(done / seconds)
process.exit(0)`

const dir = mkdtempSync(join(tmpdir(), 'plumb-bench-pgwire-'))
await buildOrders(dir)
writeFileSync(join(dir, 'clients.mjs'), CLIENTS)
const { OWNER } = await import('../dist/index.js')
const { default: pg } = await import('pg')

/** The door as users have it, ready: what it does after its start is over. */
async function plumbServe() {
  const args = ['serve', '--no-http', '--pg-port', '0', '--output', 'json', '--max-rows', '10000000']
  const child = spawn(process.execPath, [join(root, 'bin', 'plumb.js'), ...args], {
    cwd: dir,
    env: { ...process.env, DBT_PROFILES_DIR: dir },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const port = await new Promise((found) => {
    let said = ''
    child.stdout.on('data', (text) => {
      said += text
      const match = /"port":\s*(\d+)/.exec(said)
      if (match !== null) found(Number(match[1]))
    })
  })
  const client = new pg.Client({ host: '127.0.0.1', port, user: 'bench', database: 'bench' })
  await client.connect()
  await client.query('select relname from pg_class limit 1')
  await client.end()
  const exited = new Promise((done) => child.on('exit', done))
  return {
    port,
    cpu: () => cpuOf(child.pid),
    async stop() {
      child.kill('SIGTERM')
      await exited
    },
  }
}

/** A PostgreSQL with the same rows, or null where there is none. */
async function postgres() {
  const file = join(root, 'node_modules', '.cache', 'plumb-clients', 'postgres.mjs')
  await build({
    entryPoints: [join(root, 'test', 'support', 'postgres.ts')],
    bundle: true,
    format: 'esm',
    platform: 'node',
    packages: 'external',
    outfile: file,
    logLevel: 'error',
  })
  const { postgresMissing, startPostgres } = await import(pathToFileURL(file).href)
  if (postgresMissing() !== null) return null
  const server = await startPostgres()
  const client = new pg.Client(server)
  await client.connect()
  await client.query(`create table orders as select ${ORDER_COLUMNS} from generate_series(0, 999999) as r(i)`)
  await client.query('vacuum analyze orders')
  await client.end()
  return server
}

const cpuOf = (pid) => {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ')
  return (Number(fields[11]) + Number(fields[12])) * 10
}
/** One reading: milliseconds until the last byte, and CPU milliseconds of whoever answers. */
async function read(port, user, database, sql, cpu) {
  const child = spawn(process.execPath, ['-e', READER, String(port), user, sql, database], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  let said = ''
  const line = () =>
    new Promise((done) => {
      const look = () => {
        const end = said.indexOf('\n')
        if (end < 0) {
          child.stdout.once('data', (text) => {
            said += text
            look()
          })
          return
        }
        const first = said.slice(0, end)
        said = said.slice(end + 1)
        done(first)
      }
      look()
    })
  const pid = (await line()).split(' ')[1]
  const before = cpu(pid)
  child.stdin.write('go\n')
  const { ms, bytes, whole, said: last } = JSON.parse(await line())
  if (!whole) throw new Error(`the answer broke off: ${last}`)
  const used = cpu(pid) - before
  child.stdin.write('end\n')
  return { ms, bytes, cpu: used }
}

const server = await postgres()
const door = await plumbServe()
const statement = (table) => `select * from ${table} where order_id < 300000`
const figures = { theirs: [], ours: [] }
for (let round = 0; round < rounds + 3; round++) {
  const theirs =
    server === null ? null : await read(server.port, server.user, server.database, statement('orders'), cpuOf)
  // Another text each time, so that it is not the cache that answers.
  const ours = await read(door.port, 'bench', 'bench', `${statement('main.orders')} and ${round} = ${round}`, door.cpu)
  // The first are slower on both sides: nothing is in memory, and nothing compiled.
  if (round < 3) continue
  if (theirs !== null) figures.theirs.push(theirs)
  figures.ours.push(ours)
}
const middle = (list, name) => median(list.map((each) => each[name]))
console.log(
  `300,000 rows, door:        ${middle(figures.ours, 'ms').toFixed(0)} ms, ${middle(figures.ours, 'cpu').toFixed(0)} CPU ms, ${figures.ours[0].bytes} bytes`,
)
if (server !== null) {
  console.log(
    `300,000 rows, PostgreSQL:  ${middle(figures.theirs, 'ms').toFixed(0)} ms, ${middle(figures.theirs, 'cpu').toFixed(0)} CPU ms, ${figures.theirs[0].bytes} bytes`,
  )
  for (const name of ['ms', 'cpu'])
    console.log(`  ratio of ${name}: ${(middle(figures.ours, name) / middle(figures.theirs, name)).toFixed(2)}x`)
}
await server?.stop()
await door.stop()

// The same question directly and over the wire, in turn.
const serving = await serveOrders(dir, { pgwire: 0 })
const { service } = serving
const { port } = serving.addresses.pgwire
async function direct() {
  const end = performance.now() + seconds * 1000
  let done = 0
  await Promise.all(
    Array.from({ length: clients }, async (_, number) => {
      for (let turn = 0; performance.now() < end; turn++, done++) {
        const answer = await service.ask(questionOf(number, turn), OWNER, { door: 'bench', cache: false })
        for await (const batch of answer.batches) void batch
      }
    }),
  )
  return done / seconds
}
const wire = () =>
  new Promise((done, failed) => {
    const child = spawn(process.execPath, [join(dir, 'clients.mjs'), String(port), String(clients), String(seconds)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    let said = ''
    child.stdout.on('data', (text) => (said += text))
    child.on('exit', (code) => (code === 0 ? done(Number(said)) : failed(new Error('the clients failed'))))
  })
const rates = { direct: [], wire: [] }
for (let round = 0; round < 3; round++) {
  rates.direct.push(await direct())
  rates.wire.push(await wire())
}
const [a, b] = [median(rates.direct), median(rates.wire)]
console.log(
  `aggregates, ${clients} clients: ${a.toFixed(1)} a second directly, ${b.toFixed(1)} over the wire (${(b / a).toFixed(2)}x)`,
)
await serving.close()
rmSync(dir, { recursive: true, force: true })
process.exit(0)

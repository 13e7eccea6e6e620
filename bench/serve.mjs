// Serving: answers from the cache, aggregates for 50 clients at once, and 300,000 rows, through the query service itself
// and through each door of the same process. Only ratios within one run mean anything.
//
//   node bench/serve.mjs [clients] [seconds]
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buildOrders, customerOf, questionOf, serveOrders } from './orders-project.mjs'

process.env.UV_THREADPOOL_SIZE ??= '16'
const CLIENTS = Number(process.argv[2] ?? 50)
const SECONDS = Number(process.argv[3] ?? 5)

const dir = mkdtempSync(join(tmpdir(), 'plumb-bench-serve-'))
await buildOrders(dir)
const { OWNER } = await import('../dist/index.js')
const serving = await serveOrders(dir, { http: 0, pgwire: 0 })
const { service, addresses } = serving

const figures = {}
const note = (name, value) => {
  figures[name] = value
  console.log(`${name.padEnd(58)} ${typeof value === 'number' ? value.toFixed(value < 10 ? 3 : 1) : value}`)
}
const at = (sorted, part) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))]

async function drain(answer) {
  let rows = 0
  for await (const batch of answer.batches) rows += batch.rowCount
  return rows
}

/** As many calls as fit into the time, by so many at once: calls a second, and how long they took. */
async function load(call, clients = CLIENTS) {
  const times = []
  const end = performance.now() + SECONDS * 1000
  await Promise.all(
    Array.from({ length: clients }, async (_, client) => {
      for (let turn = 0; performance.now() < end; turn++) {
        const began = performance.now()
        await call(client, turn)
        times.push(performance.now() - began)
      }
    }),
  )
  times.sort((a, b) => a - b)
  return { perSecond: times.length / SECONDS, p50: at(times, 0.5), p99: at(times, 0.99) }
}

// 1. From the cache, in process, one after the other.
const byChannel = { kind: 'metrics', query: { metrics: ['revenue'], groupBy: ['order__channel'] } }
await drain(await service.ask(byChannel, OWNER, { door: 'bench' }))
const cached = await load(async () => drain(await service.ask(byChannel, OWNER, { door: 'bench' })), 1)
note('cached, in process: p50 ms', cached.p50)
note('cached, in process: p99 ms', cached.p99)
note('cached, in process: answers a second', cached.perSecond)

// 2. Aggregates that no cache has: a different customer each time.
const uncached = { door: 'bench', cache: false }
const direct = await load(async (client, turn) => drain(await service.ask(questionOf(client, turn), OWNER, uncached)))
note(`aggregates, ${CLIENTS} clients, in process: a second`, direct.perSecond)
note(`aggregates, ${CLIENTS} clients, in process: p99 ms`, direct.p99)
const post = (body) =>
  fetch(`${addresses.http.url}/api/v1/query`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
const http = await load(async (client, turn) => {
  const { query } = questionOf(client, turn)
  const response = await post({ metrics: query.metrics, group_by: query.groupBy, where: query.where, cache: false })
  if (!response.ok) throw new Error(await response.text())
  await response.arrayBuffer()
})
note(`aggregates, ${CLIENTS} clients, HTTP: a second`, http.perSecond)
note('aggregates: HTTP / in process', http.perSecond / direct.perSecond)

// 3. 300,000 rows of five columns.
const rowsOf = { kind: 'sql', parts: ['SELECT * FROM ', { model: 'model.bench.first_orders' }, ' AS t'] }
const timed = async (name, work) => {
  const began = performance.now()
  const cpu = process.cpuUsage()
  await work()
  const used = process.cpuUsage(cpu)
  note(`300,000 rows, ${name}: seconds`, (performance.now() - began) / 1000)
  note(`300,000 rows, ${name}: CPU seconds`, (used.user + used.system) / 1e6)
}
await timed('in process', async () => drain(await service.ask(rowsOf, OWNER, uncached)))
for (const format of ['json', 'csv', 'ndjson', 'arrow', 'parquet']) {
  await timed(`HTTP ${format}`, async () => {
    const response = await fetch(`${addresses.http.url}/api/v1/models/first_orders/rows?limit=300000&format=${format}`)
    for await (const _ of response.body) {
      // The reader only counts.
    }
  })
}

// 4. The same over the PostgreSQL protocol.
if (addresses.pgwire !== undefined) {
  const { default: pg } = await import('pg')
  const { host, port } = addresses.pgwire
  const connect = async () => {
    const client = new pg.Client({ host, port, user: 'owner', database: 'bench' })
    await client.connect()
    return client
  }
  try {
    const clients = await Promise.all(Array.from({ length: CLIENTS }, connect))
    const wire = await load((client, turn) =>
      clients[client].query(
        `select channel, measure(revenue) from metrics.orders where customer_id = ${customerOf(client, turn)} group by 1`,
      ),
    )
    note(`aggregates, ${CLIENTS} clients, PostgreSQL protocol: a second`, wire.perSecond)
    await Promise.all(clients.map((client) => client.end()))
  } catch (error) {
    note('PostgreSQL protocol', `not measured: ${error.message.split('\n')[0]}`)
  }
}

await serving.close()
rmSync(dir, { recursive: true, force: true })

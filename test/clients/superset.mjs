// Superset beside a served shop: connected, a dataset and charts made through its API. By hand, for it is heavy (800 MB,
// some minutes the first time): node test/clients/superset.mjs. It is installed into PLUMB_CLIENTS_DIR and kept there.
import { execFileSync, spawn } from 'node:child_process'
import { existsSync, mkdirSync, openSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { serveShop } from './serve-shop.mjs'

const base = join(process.env.PLUMB_CLIENTS_DIR ?? join(tmpdir(), 'plumb-clients'), 'superset')
const home = join(base, 'home')
const bin = join(base, 'venv', 'bin')
const ADMIN = { username: 'admin', password: 'admin' }
/** Its own requirements let in a newer flask-caching, which it does not start with, and leave out two that it imports. */
const PACKAGES = ['apache-superset==6.1.0', 'flask-caching<2.4', 'rich', 'cachetools', 'psycopg2-binary']

const CONFIG = `SECRET_KEY = 'for a trial on this machine only'
SQLALCHEMY_DATABASE_URI = 'sqlite:///${join(home, 'superset.db')}'
WTF_CSRF_ENABLED = False
TALISMAN_ENABLED = False
RATELIMIT_ENABLED = False
`
const env = {
  ...process.env,
  FLASK_APP: 'superset',
  SUPERSET_HOME: home,
  SUPERSET_CONFIG_PATH: join(home, 'superset_config.py'),
}
const run = (program, args) => execFileSync(program, args, { env, stdio: ['ignore', 'ignore', 'pipe'] })

/** Does what takes long only once. */
function once(name, work) {
  const mark = join(base, `${name}.done`)
  if (existsSync(mark)) return
  console.log(`${name} ...`)
  work()
  writeFileSync(mark, '')
}

mkdirSync(home, { recursive: true })
once('install', () => {
  run('python3', ['-m', 'venv', join(base, 'venv')])
  run(join(bin, 'pip'), ['install', '-q', ...PACKAGES])
})
writeFileSync(env.SUPERSET_CONFIG_PATH, CONFIG)
once('database', () => {
  run(join(bin, 'superset'), ['db', 'upgrade'])
  const who = ['--firstname', 'a', '--lastname', 'b', '--email', 'a@example.com']
  run(join(bin, 'superset'), [
    'fab',
    'create-admin',
    '--username',
    ADMIN.username,
    '--password',
    ADMIN.password,
    ...who,
  ])
  run(join(bin, 'superset'), ['init'])
})

const freePort = () =>
  new Promise((found) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address()
      server.close(() => found(port))
    })
  })

const shop = await serveShop()
const port = await freePort()
/** What Superset says of itself, for when something fails. */
const log = openSync(join(base, 'superset.log'), 'w')
const superset = spawn(join(bin, 'superset'), ['run', '-p', String(port), '--with-threads'], {
  env,
  stdio: ['ignore', log, log],
})
let token
async function api(method, path, body) {
  const response = await fetch(`http://127.0.0.1:${port}/api/v1/${path}`, {
    method,
    headers: {
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  const text = await response.text()
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text.slice(0, 800)}`)
  return JSON.parse(text)
}

let failed = 0
async function step(name, work) {
  try {
    const seen = await work()
    console.log(`ok    ${name}: ${typeof seen === 'string' ? seen : JSON.stringify(seen)}`)
    return seen
  } catch (error) {
    failed++
    console.log(`FAIL  ${name}: ${error.message}`)
    return undefined
  }
}

try {
  for (const end = Date.now() + 180_000; ; ) {
    try {
      token = (await api('POST', 'security/login', { ...ADMIN, provider: 'db' })).access_token
      break
    } catch (error) {
      if (Date.now() > end) throw error
      await new Promise((later) => setTimeout(later, 1000))
    }
  }
  // What an earlier trial left: names of tables are unique in its SQLite.
  for (const kind of ['chart', 'dataset', 'database']) {
    for (const { id } of (await api('GET', `${kind}/?q=(page_size:100)`)).result) await api('DELETE', `${kind}/${id}`)
  }
  const uri = `postgresql+psycopg2://superset@127.0.0.1:${shop.port}/test`
  const name = `shop ${Date.now()}`
  await step('test of the connection', () =>
    api('POST', 'database/test_connection/', { sqlalchemy_uri: uri, database_name: name }),
  )
  const database = (
    await api('POST', 'database/', { database_name: name, sqlalchemy_uri: uri, expose_in_sqllab: true })
  ).id
  await step('schemas', async () => (await api('GET', `database/${database}/schemas/`)).result)
  for (const schema of ['metrics', 'main']) {
    await step(`tables of ${schema}`, async () =>
      (await api('GET', `database/${database}/tables/?q=(schema_name:${schema})`)).result.map(({ value }) => value),
    )
  }
  await step('columns of a table', async () =>
    (await api('GET', `database/${database}/table_metadata/?name=orders&schema=metrics`)).columns.map(
      (column) => `${column.name} ${column.type}`,
    ),
  )
  await step('SQL Lab', async () => {
    const sql = 'select region, measure(revenue) as revenue from metrics.orders group by 1 order by 1'
    return (await api('POST', 'sqllab/execute/', { database_id: database, sql, runAsync: false, queryLimit: 100 })).data
  })
  const dataset = await step(
    'a dataset of metrics',
    async () => (await api('POST', 'dataset/', { database, schema: 'metrics', table_name: 'orders' })).id,
  )
  const measure = (metric) => ({ expressionType: 'SQL', sqlExpression: `MEASURE(${metric})`, label: metric })
  const data = async (query, force = true) => {
    const { result } = await api('POST', 'chart/data', {
      datasource: { id: dataset, type: 'table' },
      force,
      queries: [query],
      result_format: 'json',
      result_type: 'full',
    })
    if (result[0].error) throw new Error(result[0].error)
    return result[0].data
  }
  await step('a metric saved with the dataset', async () => {
    const saved = await api('PUT', `dataset/${dataset}`, {
      metrics: [{ metric_name: 'revenue_measure', expression: 'MEASURE(revenue)' }],
    })
    return Object.keys(saved.result)
  })
  await step('chart data: a metric by dimension', () =>
    data({
      columns: ['customer__region'],
      metrics: [measure('revenue')],
      row_limit: 100,
      orderby: [[measure('revenue'), false]],
    }),
  )
  await step('chart data: the saved metric, filtered', () =>
    data({
      columns: ['customer__region'],
      metrics: ['revenue_measure'],
      filters: [{ col: 'customer__region', op: 'IN', val: ['north', 'west'] }],
      row_limit: 100,
    }),
  )
  await step('chart data: months, within a range of time', () =>
    data({
      columns: [
        {
          columnType: 'BASE_AXIS',
          sqlExpression: 'ordered_at',
          label: 'ordered_at',
          expressionType: 'SQL',
          timeGrain: 'P1M',
        },
      ],
      metrics: [measure('revenue')],
      granularity: 'ordered_at',
      filters: [{ col: 'ordered_at', op: 'TEMPORAL_RANGE', val: '2024-01-01 : 2024-03-01' }],
      row_limit: 100,
    }),
  )
  await step('chart data: HAVING', () =>
    data({
      columns: ['customer__region'],
      metrics: [measure('revenue')],
      extras: { having: 'MEASURE(revenue) > 950' },
      row_limit: 100,
    }),
  )
  await step(
    'values of a filter',
    async () => (await api('GET', `datasource/table/${dataset}/column/customer__region/values/`)).result,
  )
  await step('a chart', async () => {
    const params = { viz_type: 'table', groupby: ['customer__region'], metrics: ['revenue_measure'], row_limit: 100 }
    const chart = await api('POST', 'chart/', {
      slice_name: 'Revenue by region',
      viz_type: 'table',
      datasource_id: dataset,
      datasource_type: 'table',
      params: JSON.stringify(params),
      query_context: JSON.stringify({
        datasource: { id: dataset, type: 'table' },
        queries: [{ columns: ['customer__region'], metrics: ['revenue_measure'], row_limit: 100 }],
        result_format: 'json',
        result_type: 'full',
      }),
    })
    return (await api('GET', `chart/${chart.id}/data/`)).result[0].data
  })
  await step('a dataset of a model, charted', async () => {
    const model = (await api('POST', 'dataset/', { database, schema: 'main', table_name: 'raw_orders' })).id
    const { result } = await api('POST', 'chart/data', {
      datasource: { id: model, type: 'table' },
      force: true,
      queries: [{ columns: ['channel'], metrics: ['count'], row_limit: 100 }],
      result_format: 'json',
      result_type: 'full',
    })
    return result[0].data
  })
  await step('a dataset of a query', async () => {
    const sql = 'select region, measure(revenue) as revenue from metrics.orders group by 1'
    const id = (
      await api('POST', 'dataset/', { database, schema: 'metrics', table_name: `by region ${database}`, sql })
    ).id
    const metric = { expressionType: 'SQL', sqlExpression: 'SUM(revenue)', label: 'total' }
    const { result } = await api('POST', 'chart/data', {
      datasource: { id, type: 'table' },
      force: true,
      queries: [{ columns: [], metrics: [metric], row_limit: 10 }],
      result_format: 'json',
      result_type: 'full',
    })
    return result[0].data
  })
} finally {
  superset.kill()
  await shop.close()
}
console.log(failed === 0 ? 'all as it should be' : `${failed} steps failed`)
process.exit(failed === 0 ? 0 : 1)

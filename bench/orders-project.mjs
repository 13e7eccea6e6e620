// The project that the serving benches serve: a million orders, and one metric over them.
import { spawn } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')

/** The columns of an order, of its number `i`; every warehouse reads them. */
export const ORDER_COLUMNS = `i as order_id, i % 5000 as customer_id, 'channel ' || (i % 7) as channel,
  'note on order ' || i as note, timestamp '2024-01-01' + (i % 31536000) * interval '1 second' as ordered_at,
  cast((i % 10000 * 7919 % 10000) / 100.0 as double precision) as amount`

const FILES = {
  'dbt_project.yml': "name: bench\nversion: '1.0'\nconfig-version: 2\nprofile: bench\n",
  'profiles.yml': 'bench:\n  target: dev\n  outputs:\n    dev: {type: duckdb, path: bench.duckdb, threads: 2}\n',
  'models/orders.sql': `{{ config(materialized='table') }}\nselect ${ORDER_COLUMNS} from range(1000000) as r(i)`,
  'models/first_orders.sql':
    "{{ config(materialized='table') }}\nselect order_id, customer_id, channel, note, ordered_at::varchar as at from {{ ref('orders') }} where order_id < 300000",
  'models/spine.sql':
    "{{ config(materialized='table') }}\nselect cast(d as date) as date_day from (select unnest(generate_series(date '2024-01-01', date '2025-01-01', interval '1 day')) as d)",
  'models/schema.yml': `
models:
  - name: spine
    time_spine: {standard_granularity_column: date_day}
    columns: [{name: date_day, granularity: day}]
semantic_models:
  - name: orders
    model: ref('orders')
    defaults: {agg_time_dimension: ordered_at}
    entities: [{name: order, type: primary, expr: order_id}]
    dimensions:
      - {name: ordered_at, type: time, type_params: {time_granularity: day}}
      - {name: channel, type: categorical}
      - {name: customer_id, type: categorical}
    measures: [{name: revenue, agg: sum, expr: amount}]
metrics:
  - {name: revenue, label: Revenue, type: simple, type_params: {measure: revenue}}
`,
}

/** Writes the project into `dir` and builds it, in a process of its own. */
export async function buildOrders(dir) {
  for (const [name, text] of Object.entries(FILES)) {
    mkdirSync(dirname(join(dir, name)), { recursive: true })
    writeFileSync(join(dir, name), text)
  }
  const code = await new Promise((done) => {
    const plumb = spawn(process.execPath, [join(root, 'bin', 'plumb.js'), 'build', '-q'], {
      cwd: dir,
      env: { ...process.env, DBT_PROFILES_DIR: dir },
      stdio: 'inherit',
    })
    plumb.on('exit', done)
  })
  if (code !== 0) throw new Error(`the project did not build: ${code}`)
}

/** Serves it, without users; `close` ends that. */
export async function serveOrders(dir, ports) {
  const { createFlags, createInvocation, openProject, serveProject } = await import('../dist/index.js')
  const open = () =>
    openProject({
      invocation: createInvocation({ env: process.env, cwd: dir }),
      flags: createFlags({ writeJson: false }),
      projectDir: dir,
      profilesDir: dir,
    })
  const workspace = await open()
  const serving = await serveProject(workspace, {
    host: '127.0.0.1',
    ports,
    users: null,
    limits: { concurrency: 1000, maxRows: 10_000_000 },
    reopen: open,
    log: () => {},
  })
  return {
    ...serving,
    async close() {
      await serving.close(0)
      await workspace.close()
    },
  }
}

/** The question of a client's turn: a different customer each time, so that no cache has the answer. */
export function customerOf(client, turn) {
  return (client * 97 + turn * 13) % 5000
}

export function questionOf(client, turn) {
  return {
    kind: 'metrics',
    query: {
      metrics: ['revenue'],
      groupBy: ['order__channel'],
      where: [`{{ Dimension('order__customer_id') }} = ${customerOf(client, turn)}`],
    },
  }
}

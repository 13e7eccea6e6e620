import { existsSync } from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { postgresMissing, startPostgres } from '../../support/postgres.js'
import { type TestProject, testProject } from '../../support/project.js'
import { SHOP } from './shop.js'

const noServer = postgresMissing()
if (noServer !== null) console.log(noServer)

let shop: TestProject
beforeAll(() => {
  shop = testProject(SHOP)
})
afterAll(() => shop.dispose())

const SOURCE = `
sources:
  - name: raw
    schema: main
    tables:
      - name: loads
        config:
          freshness: {error_after: {count: 1, period: day}}
          loaded_at_field: loaded_at
`

describe('the proof of an answer', () => {
  it('says what was read up to the sources, when it was built and what tests said', async () => {
    await shop.run('build')
    const json = ['query', '--metrics', 'revenue', '--group-by', 'customer__country', '--proof', '--output', 'json']
    const { proof } = JSON.parse((await shop.run(...json)).stdout) as { proof: Record<string, unknown> }
    const run = shop.json<{ metadata: { invocation_id: string } }>('target/run_results.json')
    expect(proof).toMatchObject({
      build_id: run.metadata.invocation_id,
      fresh: null,
      tested: true,
      failed_tests: [],
      nodes: [
        {
          unique_id: 'model.test.orders',
          kind: 'model',
          relation: '"test"."main"."orders"',
          path: 'models/orders.sql',
          status: 'success',
          last_built: expect.stringMatching(/^\d{4}-/),
          freshness: null,
          tests: { pass: 2, warn: 0, fail: 0, unknown: 0 },
        },
        { unique_id: 'model.test.customers', tests: { pass: 0, warn: 0, fail: 0, unknown: 0 } },
      ],
    })
    const text = (await shop.run('query', '--metrics', 'revenue', '--proof')).stdout
    expect(text).toContain('Proof: fresh unknown, tested yes')
    expect(text).toContain('SQL:\nSELECT')
  })

  it('is required: no answer on ground that failed its tests, or that nobody tested', async () => {
    const ask = () => shop.run('query', '--metrics', 'revenue', '--require', 'tested')
    await shop.run('build')
    expect(await ask()).toMatchObject({ code: 0 })
    shop.write({ models: { 'orders.sql': shop.read('models/orders.sql').replace('(2, 10', '(1, 10') } })
    await shop.run('build')
    const refused = await ask()
    expect([refused.code, refused.stdout]).toEqual([1, ''])
    expect(refused.stderr).toContain('not tested: failed: test.test.unique_orders_order_id')
    await shop.run('run')
    expect((await ask()).stderr).toContain('did not run all tests of model.test.orders')
    expect((await shop.run('query', '--metrics', 'revenue', '--require', 'new')).stderr).toContain(
      "'new' is not one of",
    )
  })

  it('knows how fresh sources are at this moment', async () => {
    await shop.query('create or replace table loads as select now()::timestamp as loaded_at, 1.0 as amount')
    shop.write({
      models: {
        'sources.yml': SOURCE,
        'orders.sql':
          "select 1 as order_id, 10 as customer_id, loaded_at as ordered_at, amount, true as is_food from {{ source('raw', 'loads') }}",
      },
    })
    await shop.run('build')
    const ask = () => shop.run('query', '--metrics', 'revenue', '--require', 'fresh')
    expect((await ask()).stderr).toContain('nobody looked at source.test.raw.loads')
    await shop.run('source', 'freshness')
    expect(await ask()).toMatchObject({ code: 0, stderr: '' })
    await shop.query('update loads set loaded_at = now()::timestamp - interval 3 day')
    await shop.run('source', 'freshness')
    const refused = await ask()
    expect(refused.code).toBe(1)
    expect(refused.stderr).toContain('too old: source.test.raw.loads')
  })
})

describe('exports of saved queries', () => {
  it('are written as tables, views and files, again and again', async () => {
    const project = testProject(SHOP)
    await project.run('build')
    for (const round of [1, 2]) {
      const { code, stdout, stderr } = await project.run('export')
      expect(code, `${round} ${stderr}`).toBe(0)
      expect(stdout.split('\n')).toHaveLength(6)
    }
    const expected = [
      { country: 'Switzerland, CH', revenue: '12.75' },
      { country: null, revenue: '1.00' },
    ]
    const rows = 'select customer__country as country, revenue::decimal(10,2)::varchar as revenue'
    for (const from of ['by_country', 'reports.now', `'${project.dir}/out/by_country.parquet'`]) {
      expect(await project.query(`${rows} from ${from} order by revenue`)).toEqual([...expected].reverse())
    }
    expect(project.read('out/by_country.csv')).toBe('customer__country,revenue\n"Switzerland, CH",12.75\n,1.00\n')
    expect(existsSync(join(project.dir, 'out/by_country.xlsx'))).toBe(true)
    expect((await project.run('export', 'by_countri')).stderr).toContain("did you mean 'by_country'?")
    project.dispose()
  })

  it.skipIf(noServer !== null)(
    'are written to PostgreSQL as well',
    async () => {
      const server = await startPostgres()
      const project = testProject({
        ...SHOP,
        'profiles.yml': JSON.stringify({ test: { target: 'dev', outputs: { dev: server.output } } }),
      })
      project.write({
        models: {
          'days.sql':
            "select day::date as date_day from generate_series(date '2024-01-01', date '2024-04-01', interval '1 day') as s(day)",
        },
      })
      const built = await project.run('build')
      expect(built.code, built.stdout).toBe(0)
      for (const round of [1, 2]) {
        const { code, stderr } = await project.run('export')
        expect(code, `${round} ${stderr}`).toBe(0)
      }
      const client = new pg.Client({ ...server, database: server.database })
      await client.connect()
      for (const from of ['public.by_country', 'public_reports.now', 'reports.now']) {
        const { rows } = await client.query(`select to_regclass('${from}') as found`)
        if (rows[0].found === null) continue
        const found = await client.query(`select revenue::text from ${from} order by revenue desc`)
        expect(found.rows).toEqual([{ revenue: '12.75' }, { revenue: '1.00' }])
      }
      const tables = await client.query(
        "select count(*)::int as n from pg_class where relname in ('by_country', 'now')",
      )
      await client.end()
      await server.stop()
      expect(tables.rows).toEqual([{ n: 2 }])
      expect(project.read('out/by_country.csv')).toBe('customer__country,revenue\n"Switzerland, CH",12.75\n,1.00\n')
      project.dispose()
    },
    120_000,
  )

  it('are part of a build that is asked to', async () => {
    const project = testProject(SHOP)
    expect((await project.run('build')).stdout).not.toContain('Exported')
    expect(project.exists('out')).toBe(false)
    const { code, stdout } = await project.run('build', '--export-saved-queries')
    expect(code).toBe(0)
    expect(stdout).toContain('Exported saved query by_country: table "test"."main"."by_country"')
    expect(project.statuses()['saved_query.test.by_country']).toBe('success')
    project.dispose()
  })
})

describe('metric tests', () => {
  const TEST = `metric_tests:
  - name: value_of_orders
    given:
      - input: ref('orders')
        rows:
          - {order_id: 1, customer_id: 1, ordered_at: 2024-01-01, amount: 10}
          - {order_id: 2, customer_id: 2, ordered_at: 2024-01-03, amount: 5.5}
      - input: ref('customers')
        rows: [{customer_id: 1, country: ch}]
    query: {metrics: [revenue, order_value], group_by: [customer__country]}
    expect:
      rows:
        - {customer__country: ch, revenue: 10, order_value: 10}
        - {customer__country: null, revenue: 5.5}
  - name: days_without_orders_carry_over
    given:
      - input: ref('orders')
        rows:
          - {order_id: 1, ordered_at: 2024-01-30, amount: 10}
          - {order_id: 2, ordered_at: 2024-02-01, amount: 1}
    query: {metric: revenue_so_far, group_by: [metric_time]}
    expect:
      rows:
        - {metric_time__day: 2024-01-30, revenue_so_far: 10}
        - {metric_time__day: 2024-01-31, revenue_so_far: 10}
        - {metric_time__day: 2024-02-01, revenue_so_far: 1}
`

  it('run in memory, without the tables of the project', async () => {
    const project = testProject({ ...SHOP, 'metric-tests': { 'orders.yml': TEST } })
    const { code, stdout } = await project.run('metric-tests')
    expect(code, stdout).toBe(0)
    expect(stdout).toContain('1 of 2 PASS metric test value_of_orders (metric-tests/orders.yml)')
    expect(stdout).toContain('Metric tests: PASS=2 FAIL=0 TOTAL=2')
    expect(project.exists('test.duckdb')).toBe(false)
    project.dispose()
  })

  it('fail at the line of the row that did not come, in test and build', async () => {
    const project = testProject({
      ...SHOP,
      'metric-tests': { 'orders.yml': TEST.replace('revenue: 10,', 'revenue: 11,') },
    })
    const { code, stdout } = await project.run('build')
    expect(code).toBe(1)
    expect(stdout).toContain('Done. PASS=5 WARN=0 ERROR=0 SKIP=0 NO-OP=1 TOTAL=6')
    expect(stdout).toContain(
      'Expected {customer__country: ch, revenue: 11, order_value: 10}; came: {customer__country: ch, revenue: 10',
    )
    expect(stdout).toContain('--> metric-tests/orders.yml:13:11')
    expect((await project.run('test', '--select', 'orders')).code).toBe(1)
    expect((await project.run('test', '--select', 'days')).code).toBe(0)
    project.dispose()
  })

  it('say where they are wrong', async () => {
    const project = testProject({
      ...SHOP,
      'metric-tests': {
        'orders.yml': TEST.replace("ref('orders')", "ref('order')").replace('[revenue, order', '[revenuu, order'),
      },
    })
    const { code, stdout } = await project.run('metric-tests')
    expect(code).toBe(1)
    expect(stdout).toContain("There is no metric 'revenuu'")
    expect(stdout).toContain('--> metric-tests/orders.yml:10:5')
    project.write({ 'metric-tests': { 'orders.yml': TEST.replace("ref('orders')", "ref('order')") } })
    const input = await project.run('metric-tests', 'value_of_orders')
    expect(input.stdout).toContain("There is no model 'order'")
    expect(input.stdout).toContain("did you mean 'orders'")
    expect(input.stdout).toContain('--> metric-tests/orders.yml:4:16')
    project.write({ 'metric-tests': { 'orders.yml': TEST.replace('expect:', 'expects:') } })
    const shape = await project.run('metric-tests')
    expect([shape.code, shape.stdout.includes("A metric test has no 'expects'.")]).toEqual([2, true])
    expect(shape.stdout).toContain('--> metric-tests/orders.yml:11:')
    project.dispose()
  })
})

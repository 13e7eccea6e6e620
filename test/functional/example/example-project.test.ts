import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { REPO, runPlumb } from '../../support/project.js'

let dir: string
beforeAll(() => {
  dir = join(mkdtempSync(join(tmpdir(), 'plumb-example-')), 'shop')
  cpSync(join(REPO, 'example-project'), dir, {
    recursive: true,
    filter: (path) => !/\/(target|logs)(\/|$)|\.duckdb/.test(path.slice(REPO.length)),
  })
})
afterAll(() => rmSync(join(dir, '..'), { recursive: true, force: true }))

async function ask(sql: string): Promise<unknown[]> {
  const instance = await DuckDBInstance.create(join(dir, 'baram.duckdb'), { access_mode: 'READ_ONLY' })
  const connection = await instance.connect()
  const rows = (await connection.runAndReadAll(sql)).getRowObjectsJson()
  connection.closeSync()
  instance.closeSync()
  return rows
}

describe('the example project', () => {
  it('builds and passes its tests, twice', async () => {
    for (const round of ['first', 'second']) {
      const { code, stdout } = await runPlumb(dir, ['build'])
      expect(code, `${round}: ${stdout.slice(-3000)}`).toBe(0)
      // dbt-core 1.11.16 with dbt-duckdb 1.11.1 says the same.
      expect(stdout).toContain('Done. PASS=84 WARN=0 ERROR=0 SKIP=0 NO-OP=6 TOTAL=90')
      expect(stdout).toContain('Metric tests: PASS=5 FAIL=0 TOTAL=5')
    }
  }, 180_000)

  it('gives the numbers that dbt-core gives', async () => {
    expect(
      await ask(
        'select count(*)::int as n, sum(net_revenue)::varchar as revenue, sum(order_count)::int as orders from user_summary',
      ),
    ).toMatchSnapshot()
    expect(await ask('select tier, count(*)::int as users from user_summary group by 1 order by 1')).toMatchSnapshot()
    expect(
      await ask(
        'select checkout_variant, sessions::int as sessions, ordered::int as ordered from funnel_by_variant order by 1',
      ),
    ).toMatchSnapshot()
  })

  it('keeps temporary models out of the warehouse', async () => {
    expect(
      await ask("select count(*)::int as n from information_schema.tables where table_name like 'int\\_%' escape '\\'"),
    ).toEqual([{ n: 0 }])
  })

  it('checks its sources', async () => {
    const { code } = await runPlumb(dir, ['source', 'freshness'])
    expect(code).toBe(0)
    const { results } = JSON.parse(readFileSync(join(dir, 'target', 'sources.json'), 'utf8')) as {
      results: { status: string }[]
    }
    expect(results.map((r) => r.status)).toEqual(results.map(() => 'pass'))
    expect(results.length).toBeGreaterThan(4)
  })

  it('answers its metrics as its tables do', async () => {
    const { code, stdout } = await runPlumb(dir, [
      'query',
      ...['--metrics', 'revenue,orders,active_users', '--group-by', 'metric_time__month', '--output', 'json'],
      ...['--order', 'metric_time__month', '--start-time', '2025-05-01', '--end-time', '2025-06-30'],
    ])
    expect(code).toBe(0)
    const { rows } = JSON.parse(stdout) as { rows: unknown[][] }
    const expected = await ask(`
      select month, sum(net_revenue)::double as revenue, count(order_id)::int as orders, any_value(users)::int as users
      from (select *, date_trunc('month', ordered_at) as month from fct_orders)
      join (select date_trunc('month', started_at) as month, count(distinct user_id) as users from fct_sessions group by 1)
        using (month)
      where month >= '2025-05-01' group by 1 order by 1`)
    expect(rows.map(([, ...values]) => values)).toEqual(
      (expected as Record<string, unknown>[]).map(({ revenue, orders, users }) => [revenue, orders, users]),
    )
  })

  it('can ask every metric, and every saved query', async () => {
    const names = JSON.parse((await runPlumb(dir, ['metrics', '--output', 'json'])).stdout) as { name: string }[]
    expect(names.length).toBe(21)
    const questions = [
      ...names.map(({ name }) => ({ id: name, query: { metrics: [name], group_by: ['metric_time__month'] } })),
      ...['weekly_review', 'retention_by_cohort', 'checkout_experiment'].map((id) => ({
        id,
        query: { saved_query: id },
      })),
    ]
    writeFileSync(join(dir, 'questions.jsonl'), questions.map((each) => JSON.stringify(each)).join('\n'))
    const { stdout } = await runPlumb(dir, ['query', '--queries', 'questions.jsonl'])
    const answers = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { id: string; rows?: unknown[]; error?: unknown })
    expect(answers.filter((answer) => (answer.rows?.length ?? 0) === 0)).toEqual([])
    expect(answers.map(({ id }) => id)).toEqual(questions.map(({ id }) => id))
  })

  it('exports what the weekly review exports', async () => {
    const { code, stdout } = await runPlumb(dir, ['export', 'weekly_review'])
    expect(code, stdout).toBe(0)
    const table = await ask('select * from weekly_review order by 1')
    expect(table.length).toBeGreaterThan(10)
    expect(await ask(`select * from '${dir}/exports/weekly_review.parquet' order by 1`)).toEqual(table)
    expect(readFileSync(join(dir, 'exports', 'weekly_review.csv'), 'utf8').split('\n').length).toBe(table.length + 2)
  })
})

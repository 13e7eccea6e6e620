import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
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
      expect(stdout).toContain('Done. PASS=81 WARN=0 ERROR=0 SKIP=0 NO-OP=3 TOTAL=84')
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
})

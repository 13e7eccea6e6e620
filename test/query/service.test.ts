import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { OWNER } from '../../src/query/index.js'
import { postgresMissing, startPostgres, type TestServer } from '../support/postgres.js'
import { type TestProject, testProject } from '../support/project.js'
import { type OpenedService, openService, rowsOf, SHOP } from '../support/served-project.js'

const ASK = { door: 'test' }

describe.each(['duckdb', 'postgres'] as const)('the query service on %s', (type) => {
  const skip = type === 'postgres' && postgresMissing() !== null
  let server: TestServer | undefined
  let project: TestProject
  let opened: OpenedService

  beforeAll(async () => {
    if (skip) return
    project = testProject(SHOP)
    if (type === 'postgres') {
      server = await startPostgres()
      const profile = { test: { target: 'dev', outputs: { dev: server.output } } }
      writeFileSync(join(project.dir, 'profiles.yml'), JSON.stringify(profile))
    }
    const built = await project.run('build')
    expect(built.code, built.stdout).toBe(0)
    opened = await openService(project.dir)
  })
  afterAll(async () => {
    await opened?.close()
    await server?.stop()
    project?.dispose()
  })

  it.skipIf(skip)('answers metrics', async () => {
    const answer = await opened.service.ask(
      {
        kind: 'metrics',
        query: { metrics: ['revenue', 'orders'], groupBy: ['customer__region'], orderBy: ['customer__region'] },
      },
      OWNER,
      ASK,
    )
    expect(answer.columns.map((column) => [column.name, column.meaning?.role])).toEqual([
      ['customer__region', 'dimension'],
      ['revenue', 'metric'],
      ['orders', 'metric'],
    ])
    expect(await rowsOf(answer)).toEqual([
      { customer__region: 'north', revenue: 1000, orders: 20 },
      { customer__region: 'south', revenue: 940, orders: 20 },
      { customer__region: 'west', revenue: 980, orders: 20 },
    ])
  })

  it.skipIf(skip)('answers SQL around metrics and models, with bindings', async () => {
    const placeholder = type === 'postgres' ? '$1' : '?'
    const answer = await opened.service.ask(
      {
        kind: 'sql',
        parts: [
          'select m.channel, r.region, m.n from (select order__channel as channel, orders as n from ',
          { metrics: { metrics: ['orders'], groupBy: ['order__channel'] } },
          ' as q) as m cross join ',
          { model: 'model.test.region_summary' },
          ` as r where r.region = ${placeholder} order by 1`,
        ],
        bindings: ['north'],
      },
      OWNER,
      ASK,
    )
    expect(await rowsOf(answer)).toEqual([
      { channel: 'shop', region: 'north', n: 45 },
      { channel: 'web', region: 'north', n: 15 },
    ])
  })

  it.skipIf(skip)('gives typed vectors in batches, with what is null', async () => {
    const sql =
      type === 'postgres'
        ? "select i::int as i, (i * 1000000000000)::bigint as b, i / 2.0::float8 as f, i % 2 = 0 as even, date '2024-01-01' + i as d, timestamp '2024-01-01' + i * interval '1 second' as t, timestamptz '2024-01-01 00:00:00+02' as z, case when i % 3 = 0 then null else i end as n, 'x' || i as s from generate_series(0, 9999) as g(i)"
        : "select i::int as i, (i * 1000000000000)::bigint as b, i / 2.0::double as f, i % 2 = 0 as even, date '2024-01-01' + i::int as d, timestamp '2024-01-01' + i * interval '1 second' as t, timestamptz '2024-01-01 00:00:00+02' as z, case when i % 3 = 0 then null else i::int end as n, 'x' || i as s from range(0, 10000) as g(i)"
    const answer = await opened.service.ask({ kind: 'sql', parts: [sql] }, OWNER, ASK)
    let rows = 0
    let batches = 0
    for await (const { rowCount, columns } of answer.batches) {
      if (batches++ === 0) {
        expect(columns.map((column) => column.kind)).toEqual([
          'int32',
          'int64',
          'float64',
          'boolean',
          'date',
          'timestamp',
          'timestamp',
          'int32',
          type === 'postgres' ? 'cells' : 'text',
        ])
        const [, , , , , t, z, n] = columns
        expect(t).toMatchObject({ zone: false })
        expect(z).toMatchObject({ zone: true })
        expect((z as { values: BigInt64Array }).values[0]).toBe(BigInt(Date.UTC(2023, 11, 31, 22)) * 1000n)
        expect([...(n as { nulls: Uint8Array }).nulls.slice(0, 4)]).toEqual([1, 0, 0, 1])
      }
      rows += rowCount
    }
    expect(rows).toBe(10_000)
    expect(batches).toBeGreaterThan(2)
  })

  it.skipIf(skip)('reads texts of every length, and none', async () => {
    const lengths = [0, 1, 11, 12, 13, 40]
    const texts = lengths.map((length) => (length === 11 ? 'äöü한글' : 'x'.repeat(length)))
    const sql = `select * from (values (0, null), ${texts.map((text, at) => `(${at + 1}, '${text}')`).join(', ')}) as t(i, s) order by i`
    const rows = await rowsOf(await opened.service.ask({ kind: 'sql', parts: [sql] }, OWNER, ASK))
    expect(rows.map(({ s }) => s)).toEqual([null, ...texts])
  })

  it.skipIf(skip)('stops in the warehouse when asked to', async () => {
    const controller = new AbortController()
    const heavy =
      type === 'postgres'
        ? 'select count(*) from generate_series(1, 100000) a cross join generate_series(1, 100000) b'
        : 'select count(*) from range(1000000) a cross join range(1000000) b where a.range + b.range = 7'
    const asked = opened.service
      .ask({ kind: 'sql', parts: [heavy] }, OWNER, { ...ASK, signal: controller.signal })
      .then((answer) => rowsOf(answer))
    setTimeout(() => controller.abort(), 200)
    const started = Date.now()
    await expect(asked).rejects.toThrow()
    expect(Date.now() - started).toBeLessThan(5000)
    const again = await opened.service.ask({ kind: 'sql', parts: ['select 1 as one'] }, OWNER, ASK)
    expect(await rowsOf(again)).toEqual([{ one: 1 }])
  })

  it.skipIf(skip)('can be left half-read', async () => {
    const range = type === 'postgres' ? 'generate_series(1, 1000000)' : 'range(1000000)'
    for (let time = 0; time < 8; time++) {
      const answer = await opened.service.ask({ kind: 'sql', parts: [`select * from ${range} as r(i)`] }, OWNER, ASK)
      for await (const _ of answer.batches) break
    }
    const again = await opened.service.ask({ kind: 'sql', parts: ['select 1 as one'] }, OWNER, ASK)
    expect(await rowsOf(again)).toEqual([{ one: 1 }])
  })
})

import { mkdtempSync, writeFileSync } from 'node:fs'
import { request as rawRequest } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import { tableFromIPC } from 'apache-arrow'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createIdentity } from '../../../src/query/identity/open-identity.js'
import type { OpenDoor } from '../../../src/serve/door.js'
import { httpDoor } from '../../../src/serve/http/index.js'
import { type TestProject, testProject } from '../../support/project.js'
import { type OpenedService, openService, SHOP } from '../../support/served-project.js'

const TYPED = `select date '2024-02-29' as d, timestamp '2024-02-29 12:30:00.123456' as t, timestamptz '2024-02-29 12:30:00+02' as z,
      null::int as n, 12345678901234.55::decimal(18,2) as m, 9007199254740993::bigint as b, true as ok, 'a"b,c' as s, 'NaN'::double as f, [1,2] as l
      union all select null, null, null, 1, null, 2, null, null, 1.5, null`

const OPEN = createIdentity({ users: [], jwt: [] }, false)

interface Body {
  readonly columns: readonly { readonly name: string; readonly role?: string }[]
  readonly rows: readonly (readonly unknown[])[]
  readonly row_count: number
  readonly proof: Readonly<Record<string, unknown>>
}

describe('REST', () => {
  let project: TestProject
  let opened: OpenedService
  let door: OpenDoor
  const get = (path: string, init: RequestInit = {}): Promise<Response> => fetch(door.address.url + path, init)
  const post = (path: string, body: unknown, headers: Record<string, string> = {}): Promise<Response> =>
    get(path, {
      method: 'POST',
      body: JSON.stringify(body),
      headers: { 'content-type': 'application/json', ...headers },
    })

  beforeAll(async () => {
    project = testProject({ ...SHOP, 'models/typed.sql': TYPED })
    const built = await project.run('build')
    expect(built.code, built.stdout).toBe(0)
    opened = await openService(project.dir)
    door = await httpDoor.start(opened.service, { host: '127.0.0.1', port: 0, identity: OPEN, log: () => {} })
  })
  afterAll(async () => {
    await door?.close(0)
    await opened?.close()
    project?.dispose()
  })

  const BY_REGION = {
    metrics: ['revenue', 'order_value'],
    group_by: ['customer__region'],
    order_by: ['customer__region'],
  }
  const ROWS = [
    ['north', 1000, 50],
    ['south', 940, 47],
    ['west', 980, 49],
  ]

  it('answers a question as JSON, with the proof', async () => {
    const response = await post('/api/v1/query', BY_REGION)
    expect(response.status).toBe(200)
    expect(response.headers.get('content-type')).toBe('application/json')
    const body = (await response.json()) as Body
    expect(body.rows).toEqual(ROWS)
    expect(body.row_count).toBe(3)
    expect(body.columns.map(({ name, role }) => [name, role])).toEqual([
      ['customer__region', 'dimension'],
      ['revenue', 'metric'],
      ['order_value', 'metric'],
    ])
    const run = project.json<{ metadata: { invocation_id: string } }>('target/run_results.json')
    expect(body.proof).toMatchObject({ build_id: run.metadata.invocation_id, tested: true, failed_tests: [] })
    expect(response.headers.get('x-plumb-build-id')).toBe(run.metadata.invocation_id)
    expect(response.headers.get('x-plumb-tested')).toBe('true')
  })

  it('takes the question in the address too', async () => {
    const query = 'metrics=revenue,order_value&group_by=customer__region&order_by=customer__region'
    const body = (await (await get(`/api/v1/query?${query}`)).json()) as Body
    expect(body.rows).toEqual(ROWS)
    const where = encodeURIComponent("{{ Dimension('customer__region') }} = 'west'")
    const narrowed = (await (await get(`/api/v1/query?${query}&where=${where}`)).json()) as Body
    expect(narrowed.rows).toEqual([ROWS[2]])
  })

  it('answers in every form', async () => {
    const csv = await (await post('/api/v1/query', { ...BY_REGION, format: 'csv' })).text()
    expect(csv).toBe('customer__region,revenue,order_value\r\nnorth,1000,50\r\nsouth,940,47\r\nwest,980,49\r\n')
    const ndjson = await (await post('/api/v1/query', BY_REGION, { accept: 'application/x-ndjson' })).text()
    expect(
      ndjson
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line))[0],
    ).toEqual({
      customer__region: 'north',
      revenue: 1000,
      order_value: 50,
    })
    const bytes = async (format: string): Promise<Uint8Array> =>
      new Uint8Array(await (await post('/api/v1/query', { ...BY_REGION, format })).arrayBuffer())
    const table = tableFromIPC(await bytes('arrow'))
    expect(table.toArray().map((row) => [row.customer__region, row.revenue, row.order_value])).toEqual(ROWS)
    const xlsx = await bytes('xlsx')
    expect(Buffer.from(xlsx.slice(0, 2)).toString()).toBe('PK')
    const file = join(mkdtempSync(join(tmpdir(), 'plumb-rest-')), 'answer.parquet')
    writeFileSync(file, await bytes('parquet'))
    const connection = await (await DuckDBInstance.create(':memory:')).connect()
    expect((await connection.runAndReadAll(`select * from '${file}' order by 1`)).getRowsJson()).toEqual(ROWS)
    connection.closeSync()
  })

  it('keeps types through every form: dates, moments, nulls, decimals, large integers', async () => {
    {
      const at = (format: string) => get(`/api/v1/models/typed/rows?format=${format}`)
      const text = await (await at('json')).text()
      expect(text).toContain(
        '["2024-02-29","2024-02-29T12:30:00.123456","2024-02-29T10:30:00Z",null,12345678901234.55,9007199254740993,true,"a\\"b,c","NaN",[1,2]]',
      )
      expect(await (await at('csv')).text()).toContain(
        '2024-02-29,2024-02-29T12:30:00.123456,2024-02-29T10:30:00Z,,12345678901234.55,9007199254740993,true,"a""b,c",NaN,"[1,2]"\r\n',
      )
      const arrow = tableFromIPC(new Uint8Array(await (await at('arrow')).arrayBuffer()))
      const [first, other] = arrow.toArray()
      expect(arrow.schema.fields.map(({ type }) => String(type))).toEqual([
        'Date32<DAY>',
        'Timestamp<MICROSECOND>',
        'Timestamp<MICROSECOND, UTC>',
        'Int32',
        'Decimal[18e+2]',
        'Int64',
        'Bool',
        'Utf8',
        'Float64',
        'Utf8',
      ])
      expect([first.n, first.b, first.ok, first.s, other.d, other.n, other.s]).toEqual([
        null,
        9007199254740993n,
        true,
        'a"b,c',
        null,
        1,
        null,
      ])
      const file = join(mkdtempSync(join(tmpdir(), 'plumb-rest-')), 'typed.parquet')
      writeFileSync(file, new Uint8Array(await (await at('parquet')).arrayBuffer()))
      const connection = await (await DuckDBInstance.create(':memory:')).connect()
      const reader = await connection.runAndReadAll(
        `select d::text, t::text, m::text, b::text, n, s, typeof(m), typeof(z) from '${file}' order by s`,
      )
      expect(reader.getRowsJson()[0]).toEqual([
        '2024-02-29',
        '2024-02-29 12:30:00.123456',
        '12345678901234.55',
        '9007199254740993',
        null,
        'a"b,c',
        'DECIMAL(18,2)',
        'TIMESTAMP WITH TIME ZONE',
      ])
      connection.closeSync()
    }
  })

  it('lists what can be asked', async () => {
    const json = async (path: string) =>
      (await (await get(path)).json()) as Record<string, { name: string; unique_id: string }[]>
    expect((await json('/api/v1/metrics')).metrics!.map(({ name }) => name)).toEqual([
      'order_value',
      'orders',
      'revenue',
      'secret_revenue',
    ])
    expect((await json('/api/v1/dimensions?metrics=revenue')).dimensions!.map(({ name }) => name)).toContain(
      'customer__tier',
    )
    expect((await json('/api/v1/entities')).entities!.map(({ name }) => name)).toEqual([
      'customer',
      'order',
      'order__customer',
    ])
    expect((await json('/api/v1/saved-queries')).saved_queries!.map(({ name }) => name)).toEqual(['by_region'])
    expect((await json('/api/v1/models?type=model')).models!.map(({ name }) => name)).toContain('orders')
    const values = (await (await get('/api/v1/dimensions/customer__tier/values')).json()) as Body
    expect(values.rows).toEqual([['basic'], ['gold']])
    const saved = (await (await get('/api/v1/saved-queries/by_region/rows?order_by=customer__region')).json()) as Body
    expect(saved.rows).toEqual(ROWS.map(([region, revenue]) => [region, revenue]))
  })

  it('shows a model, its lineage and the runs', async () => {
    const model = (await (await get('/api/v1/models/customers')).json()) as {
      columns: { name: string; tags: string[]; tests: string[] }[]
    }
    expect(model.columns.find(({ name }) => name === 'email')).toMatchObject({ tags: ['pii'], tests: [] })
    expect(model.columns.find(({ name }) => name === 'customer_id')?.tests).toHaveLength(1)
    const lineage = (await (await get('/api/v1/lineage/revenue?direction=upstream')).json()) as {
      nodes: { id: string }[]
    }
    expect(lineage.nodes.map(({ id }) => id)).toContain('seed.test.raw_orders')
    const { runs } = (await (await get('/api/v1/runs')).json()) as {
      runs: { id: string; counts: Record<string, number> }[]
    }
    expect(runs[0]!.counts['success']).toBeGreaterThan(0)
    expect((await get(`/api/v1/runs/${runs[0]!.id}`)).status).toBe(200)
    expect((await get('/api/v1/runs/none')).status).toBe(404)
  })

  it('describes itself and its figures', async () => {
    const document = (await (await get('/api/v1/openapi.json')).json()) as {
      openapi: string
      paths: Record<string, object>
    }
    expect(document.openapi).toBe('3.1.0')
    for (const path of Object.keys(document.paths).filter(
      (each) => !each.includes('{') && !each.includes('explain') && !each.endsWith('/query'),
    )) {
      expect((await get(path)).status, path).toBe(200)
    }
    const figures = await (await get('/metrics')).text()
    expect(figures).toMatch(/^# TYPE plumb_questions counter\n/)
    expect(figures).toMatch(/plumb_questions_total \d+/)
    expect(figures.endsWith('# EOF\n')).toBe(true)
  })

  it('explains', async () => {
    const { sql, steps } = (await (await post('/api/v1/explain', BY_REGION)).json()) as { sql: string; steps: string[] }
    expect(sql).toContain('GROUP BY')
    expect(steps.length).toBeGreaterThan(1)
  })

  it.each([
    ['a metric that is not there', { metrics: ['revenu'] }, 404, 'metric-not-found', "did you mean 'revenue'?"],
    ['a key that is not known', { metric: ['revenue'] }, 400, 'query-form', undefined],
    ['a form that is not there', { metrics: ['revenue'], format: 'pdf' }, 400, 'unknown-format', undefined],
    ['a limit below 0', { metrics: ['revenue'], limit: -1 }, 400, 'query-form', undefined],
    ['a body that is no object', [1], 400, 'query-form', undefined],
    [
      'ground that is not known to be fresh',
      { metrics: ['revenue'], require: ['fresh'] },
      409,
      'ground-not-fresh',
      undefined,
    ],
  ])('refuses %s with a problem document', async (_, body, status, code, hint) => {
    const response = await post('/api/v1/query', body)
    expect(response.status).toBe(status)
    expect(response.headers.get('content-type')).toMatch(/^application\/problem\+json/)
    const problem = (await response.json()) as Record<string, unknown>
    expect(problem).toMatchObject({ status, code })
    if (hint !== undefined) expect(problem['hint']).toContain(hint)
  })

  it('refuses injected SQL through every parameter', async () => {
    const attacks = [
      "'; drop table orders; --",
      '" or 1=1 --',
      "x') union select email from customers --",
      "revenue; attach '/etc/passwd'",
      "{{ ''.constructor }}",
      '\u0000',
      'a'.repeat(30_000),
    ]
    const fields = [
      'metrics',
      'group_by',
      'where',
      'order_by',
      'saved_query',
      'time_constraint',
      'limit',
      'format',
      'require',
      'timeout',
    ]
    for (const attack of attacks) {
      for (const field of fields) {
        const value = ['saved_query', 'limit', 'format', 'timeout'].includes(field)
          ? attack
          : field === 'time_constraint'
            ? [attack, null]
            : [attack]
        const response = await post('/api/v1/query', { metrics: ['revenue'], [field]: value })
        expect(response.status, `${field}: ${attack.slice(0, 40)}`).toBeGreaterThanOrEqual(400)
        expect(response.status, `${field}: ${attack.slice(0, 40)}`).toBeLessThan(500)
      }
      const encoded = encodeURIComponent(attack)
      for (const path of [
        `dimensions/${encoded}/values`,
        `models/${encoded}`,
        `models/${encoded}/rows`,
        `models/orders/rows?limit=${encoded}`,
        `lineage/${encoded}`,
        `lineage/orders?depth=${encoded}`,
        `runs/${encoded}`,
        `saved-queries/${encoded}/rows`,
      ]) {
        const { status } = await get(`/api/v1/${path}`)
        expect(status, path.slice(0, 60)).toBeGreaterThanOrEqual(400)
        expect(status, path.slice(0, 60)).toBeLessThan(500)
      }
    }
    expect(((await (await post('/api/v1/query', BY_REGION)).json()) as Body).rows).toEqual(ROWS)
  })

  it('answers no page of another site, and no name that was made to point here', async () => {
    const foreign = await post('/api/v1/query', BY_REGION, { origin: 'https://evil.example' })
    expect(foreign.status).toBe(403)
    const status = await new Promise<number | undefined>((resolve, reject) => {
      const { host, port } = door.address
      rawRequest({ host, port, path: '/api/v1/metrics', headers: { host: 'evil.example' } }, (response) => {
        response.resume()
        resolve(response.statusCode)
      })
        .on('error', reject)
        .end()
    })
    expect(status).toBe(403)
    expect((await get('/api/v1/metrics', { headers: { 'x-forwarded-for': '10.0.0.1' } })).status).toBe(401)
  })

  it('refuses a body that is too large or no JSON', async () => {
    expect((await post('/api/v1/query', { metrics: ['x'.repeat(2_000_000)] })).status).toBe(413)
    expect(
      (await get('/api/v1/query', { method: 'POST', body: 'metrics: x', headers: { 'content-type': 'text/plain' } }))
        .status,
    ).toBe(415)
    expect(
      (await get('/api/v1/query', { method: 'POST', body: '{', headers: { 'content-type': 'application/json' } }))
        .status,
    ).toBe(400)
  })

  it('stops the warehouse when the client goes away', async () => {
    const endless = testProject({
      ...SHOP,
      'models/endless.sql': `{{ config(materialized='view') }}
select count(*) as n from range(10000000) as a(i), range(10000000) as b(j) where (a.i * 7919 + b.j) % 1000003 = 7`,
    })
    expect((await endless.run('build')).code).toBe(0)
    const served = await openService(endless.dir)
    const own = await httpDoor.start(served.service, { host: '127.0.0.1', port: 0, identity: OPEN, log: () => {} })
    const { service } = served
    const until = async (wanted: () => boolean): Promise<void> => {
      for (const deadline = Date.now() + 10_000; !wanted() && Date.now() < deadline; ) {
        await new Promise((done) => setTimeout(done, 20))
      }
      expect(wanted()).toBe(true)
    }
    try {
      for (const leave of ['before the first row', 'the same again'] as const) {
        const before = service.figures
        const controller = new AbortController()
        const asked = fetch(`${own.address.url}/api/v1/models/endless/rows`, { signal: controller.signal })
        const refused = expect(asked, leave).rejects.toThrow()
        await until(() => service.figures.running === 1)
        controller.abort()
        await refused
        // It would go on for hours: only an interrupt ends it.
        await until(() => service.figures.running === 0)
        expect(service.figures.failed).toBe(before.failed + 1)
      }
      const answer = await fetch(`${own.address.url}/api/v1/query?metrics=revenue`)
      expect(answer.status).toBe(200)
    } finally {
      await own.close(0)
      await served.close()
      endless.dispose()
    }
  })
})

import { createServer, type IncomingHttpHeaders, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type TestProject, testProject } from '../../support/project.js'

interface Dataset {
  readonly namespace: string
  readonly name: string
  readonly facets: {
    readonly schema?: { readonly fields: readonly { name: string; type?: string }[] }
    readonly columnLineage?: {
      readonly fields: Readonly<Record<string, { readonly inputFields: readonly InputField[] }>>
      readonly dataset?: readonly InputField[]
    }
  }
  readonly inputFacets?: { readonly dataQualityAssertions: { readonly assertions: readonly unknown[] } }
  readonly outputFacets?: unknown
}

interface InputField {
  readonly name: string
  readonly field: string
  readonly transformations: readonly { readonly type: string; readonly subtype: string }[]
}

interface LineageEvent {
  readonly eventType: string
  readonly eventTime: string
  readonly run: {
    readonly runId: string
    readonly facets: {
      readonly parent?: { readonly run: { runId: string }; readonly job: { name: string }; readonly root: unknown }
      readonly errorMessage?: { readonly message: string }
    }
  }
  readonly job: { readonly namespace: string; readonly name: string; readonly facets: { sql?: { query: string } } }
  readonly inputs: readonly Dataset[]
  readonly outputs: readonly Dataset[]
}

/** A receiver as Marquez is one: it takes events by POST. */
async function receiver(answer: (server: Server) => void = () => {}) {
  const events: LineageEvent[] = []
  const requests: { url: string; headers: IncomingHttpHeaders }[] = []
  const server = createServer((request, response) => {
    let body = ''
    request.on('data', (chunk) => (body += String(chunk)))
    request.on('end', () => {
      requests.push({ url: request.url ?? '', headers: request.headers })
      events.push(JSON.parse(body) as LineageEvent)
      response.writeHead(201).end()
    })
  })
  answer(server)
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const close = (): Promise<void> =>
    new Promise((done) => {
      server.closeAllConnections()
      server.close(() => done())
    })
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, events, requests, close }
}

const FILES = {
  seeds: { 'raw_orders.csv': 'id,cust,total,status\n1,1,10,paid\n2,1,20,open\n' },
  models: {
    'schema.yml':
      'models:\n  - name: totals\n    description: What each customer spent\n    columns:\n      - name: cust\n        data_tests: [not_null, {accepted_values: {values: [7], config: {severity: warn}}}]\n',
    'paid.sql': "{{ config(materialized='ephemeral') }} select * from {{ ref('raw_orders') }} where status = 'paid'",
    'totals.sql':
      "{{ config(materialized='table') }} select cust, sum(total) as spent from {{ ref('paid') }} group by cust",
  },
}

describe('OpenLineage events', () => {
  let project: TestProject

  beforeAll(() => {
    project = testProject(FILES)
  })
  afterAll(() => project.dispose())

  const of = (events: readonly LineageEvent[], job: string, type: string): LineageEvent => {
    const found = events.filter((event) => event.job.name === job && event.eventType === type)
    expect(found, `${type} of ${job} in ${events.map((e) => `${e.eventType} ${e.job.name}`).join(', ')}`).toHaveLength(
      1,
    )
    return found[0]!
  }

  it('reach a receiver: runs, schemas, columns, tests', async () => {
    const { url, events, requests, close } = await receiver()
    const parent = '0192f6a0-0000-7000-8000-000000000001'
    const env = { OPENLINEAGE_URL: url, OPENLINEAGE_API_KEY: 'secret', OPENLINEAGE_NAMESPACE: 'shop' }
    const result = await project.runWith({ ...env, OPENLINEAGE_PARENT_ID: `airflow/daily.dbt/${parent}` }, 'build')
    await close()
    expect(result.code).toBe(0)
    expect(requests[0]?.url).toBe('/api/v1/lineage')
    expect(requests[0]?.headers.authorization).toBe('Bearer secret')

    const whole = of(events, 'dbt-run-test', 'START')
    expect(whole.run.facets.parent).toMatchObject({
      run: { runId: parent },
      job: { namespace: 'airflow', name: 'daily.dbt' },
    })
    const model = 'test.main.test.totals.build.run'
    const start = of(events, model, 'START')
    const end = of(events, model, 'COMPLETE')
    expect(start.run.runId).toBe(end.run.runId)
    expect(end.run.facets.parent).toMatchObject({ run: { runId: whole.run.runId }, job: { name: 'dbt-run-test' } })
    expect(end.run.facets.parent?.root).toMatchObject({ run: { runId: parent } })
    expect(end.job).toMatchObject({ namespace: 'shop', facets: { sql: { dialect: 'duckdb' } } })
    expect(end.inputs.map(({ namespace, name }) => `${namespace} ${name}`)).toEqual([
      'duckdb://test.duckdb test.main.raw_orders',
    ])
    const [output] = end.outputs
    expect(output?.name).toBe('test.main.totals')
    expect(output?.facets.schema?.fields).toMatchObject([
      { name: 'cust', type: 'INTEGER' },
      { name: 'spent', type: 'HUGEINT' },
    ])
    const { fields, dataset } = output!.facets.columnLineage!
    expect(fields['cust']?.inputFields).toMatchObject([
      { name: 'test.main.raw_orders', field: 'cust', transformations: [{ type: 'DIRECT', subtype: 'IDENTITY' }] },
    ])
    expect(fields['spent']?.inputFields).toMatchObject([
      { field: 'total', transformations: [{ type: 'DIRECT', subtype: 'AGGREGATION' }] },
    ])
    expect(dataset?.map(({ field, transformations }) => `${field} ${transformations[0]?.subtype}`)).toEqual([
      'status FILTER',
      'cust GROUP_BY',
    ])

    const test = events.find(({ job, eventType }) => job.name.includes('not_null') && eventType === 'COMPLETE')
    expect(test?.inputs[0]?.inputFacets?.dataQualityAssertions.assertions).toEqual([
      { assertion: 'not_null', name: test?.job.name.split('.')[2], success: true, column: 'cust', severity: 'error' },
    ])
    const warned = events.find((event) => event.job.name.includes('accepted_values') && event.eventType === 'COMPLETE')
    expect(warned?.inputs[0]?.inputFacets?.dataQualityAssertions.assertions).toEqual([
      {
        assertion: 'accepted_values',
        name: warned?.job.name.split('.')[2],
        success: false,
        column: 'cust',
        severity: 'warn',
      },
    ])
    expect(of(events, 'dbt-run-test', 'COMPLETE').run.runId).toBe(whole.run.runId)
    expect(events.some(({ job }) => job.name.includes('paid'))).toBe(false)
    for (const event of events.filter(({ eventType }) => eventType === 'COMPLETE'))
      expect(events.some(({ run, eventType }) => eventType === 'START' && run.runId === event.run.runId)).toBe(true)
  })

  it('tell of failures, and go to a file', async () => {
    project.write({ models: { 'broken.sql': "select nothing_such from {{ ref('totals') }}" } })
    const result = await project.run('run', '--openlineage', 'logs/events.ndjson')
    expect(result.code).toBe(1)
    const events = project
      .read('logs/events.ndjson')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as LineageEvent)
    const failed = of(events, 'test.main.test.broken', 'FAIL')
    expect(failed.run.facets.errorMessage?.message).toContain('nothing_such')
    expect(failed.outputs).toEqual([])
    expect(of(events, 'dbt-run-test', 'FAIL').run.facets.errorMessage?.message).toContain('model.test.broken')
    project.remove('models/broken.sql')
  })

  it('follow the configuration of the official clients', async () => {
    const { url, requests, close } = await receiver()
    project.write({
      'openlineage.yml': `transport:\n  type: composite\n  transports:\n    - {type: http, url: ${url}, endpoint: in/here, auth: {type: api_key, apiKey: k}}\n    - {type: file, log_file_path: logs/more.ndjson}\n`,
    })
    expect((await project.runWith({ OPENLINEAGE_CONFIG: 'openlineage.yml' }, 'seed')).code).toBe(0)
    const sent = requests.length
    expect(sent).toBe(4)
    expect(requests[0]).toMatchObject({ url: '/in/here', headers: { authorization: 'Bearer k' } })
    expect(project.read('logs/more.ndjson').trim().split('\n')).toHaveLength(4)
    expect(
      (await project.runWith({ OPENLINEAGE_CONFIG: 'openlineage.yml', OPENLINEAGE_DISABLED: 'true' }, 'seed')).code,
    ).toBe(0)
    expect(requests).toHaveLength(sent)
    await close()
    const wrong = await project.runWith({ OPENLINEAGE_URL: 'nowhere' }, 'seed')
    expect(wrong.code).toBe(2)
    expect(wrong.stderr + wrong.stdout).toContain('OpenLineage: nowhere is not an address')
  })

  it('never make a run fail or wait: nobody there, no answer, an error as the answer', async () => {
    const gone = await receiver()
    await gone.close()
    const nobody = await project.run('build', '--openlineage', gone.url)
    expect(nobody.code).toBe(0)
    expect(nobody.stdout.match(/OpenLineage events do not reach/g)).toHaveLength(1)

    const deaf = await receiver((server) => server.removeAllListeners('request').on('request', () => {}))
    project.write({ 'deaf.yml': `transport: {type: http, url: ${deaf.url}, timeout: 0.5}\n` })
    const waited = await project.runWith({ OPENLINEAGE_CONFIG: 'deaf.yml' }, 'build')
    await deaf.close()
    expect(waited.code).toBe(0)
    expect(waited.stdout).toContain('it does not answer')

    const angry = await receiver((server) =>
      server.removeAllListeners('request').on('request', (request, response) => {
        request.resume()
        response.writeHead(500).end()
      }),
    )
    const refused = await project.run('build', '--openlineage', angry.url)
    await angry.close()
    expect(refused.code).toBe(0)
    expect(refused.stdout).toContain('it answers 500')
  })
})

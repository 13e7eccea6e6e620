import { cpSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type TestProject, testProject } from '../../support/project.js'

/** Orders of half a year: three regions, two channels, an order of each on the 10th of every month. */
const ORDERS = [1, 2, 3, 4, 5, 6].flatMap((month) =>
  ['EU', 'US', 'KR'].flatMap((region, r) =>
    ['web', 'store'].map((channel, c) => ({
      id: month * 100 + r * 10 + c,
      day: `2024-0${month}-10`,
      region,
      channel,
      amount: 100 + 10 * r + c,
    })),
  ),
)

const model = (amount: string, where = 'true'): string =>
  `select id, cast(day as date) as ordered_on, region, channel, ${amount} as amount from {{ ref('raw_orders') }} where ${where}`

const FILES = {
  'profiles.yml':
    'test:\n  target: dev\n  outputs:\n    dev: {type: duckdb, path: test.duckdb, schema: dev}\n    prod: {type: duckdb, path: test.duckdb, schema: prod}\n',
  seeds: {
    'raw_orders.csv': `id,day,region,channel,amount\n${ORDERS.map((o) => Object.values({ id: o.id, day: o.day, region: o.region, channel: o.channel, amount: o.amount }).join(',')).join('\n')}\n`,
  },
  models: {
    'orders.sql': model('amount'),
    'metricflow_time_spine.sql':
      "select cast(range as date) as date_day from range(date '2024-01-01', date '2025-01-01', interval 1 day)",
    'schema.yml': `
models:
  - name: metricflow_time_spine
    time_spine: {standard_granularity_column: date_day}
    columns: [{name: date_day, granularity: day}]
semantic_models:
  - name: orders
    model: ref('orders')
    defaults: {agg_time_dimension: ordered_on}
    entities: [{name: order, type: primary, expr: id}]
    dimensions:
      - {name: ordered_on, type: time, type_params: {time_granularity: day}}
      - {name: region, type: categorical}
      - {name: channel, type: categorical}
    measures:
      - {name: revenue, agg: sum, expr: amount}
      - {name: order_count, agg: sum, expr: '1'}
metrics:
  - {name: revenue, label: Revenue, type: simple, type_params: {measure: revenue}}
  - {name: orders, label: Orders, type: simple, type_params: {measure: order_count}}
  - {name: average_order, label: Average order, type: ratio, type_params: {numerator: revenue, denominator: orders}}
`,
  },
}

interface Change {
  readonly name: string
  readonly kind: string
  readonly before: number
  readonly after: number
  readonly moved?: {
    readonly within: readonly { readonly dimension: string; readonly values: readonly string[] }[]
    readonly period?: { readonly grain: string; readonly from: string | null; readonly to: string | null }
    readonly before?: number
    readonly after?: number
  }
}

describe('plumb diff --data says where a metric moved', () => {
  let project: TestProject

  beforeAll(async () => {
    project = testProject(FILES)
    const built = await project.run('build', '-q', '--target', 'prod')
    expect(built.stdout + built.stderr).toBe('')
    cpSync(join(project.dir, 'target'), join(project.dir, 'state'), { recursive: true })
  })
  afterAll(() => project.dispose())

  const rebuild = async (sql: string): Promise<void> => {
    project.write({ models: { 'orders.sql': sql } })
    expect((await project.run('build', '-q')).code).toBe(0)
  }
  const report = async (): Promise<Record<string, Change>> => {
    const { stdout } = await project.run('diff', '-q', '--state', 'state', '--data', '--output', 'json')
    const { data } = JSON.parse(stdout) as { data: Change[] }
    return Object.fromEntries(data.filter(({ kind }) => kind === 'metric').map((each) => [each.name, each]))
  }
  const text = async (...args: string[]): Promise<string> =>
    (await project.run('diff', '-q', '--state', 'state', '--data', ...args)).stdout

  it('one value of a dimension, since a month', async () => {
    await rebuild(model("case when region = 'EU' and day >= '2024-03-01' then amount * 0.9 else amount end"))
    const { revenue, orders, average_order: average } = await report()
    expect(revenue?.moved?.within).toEqual([{ dimension: 'order__region', values: ['EU'] }])
    expect(revenue?.moved?.period).toMatchObject({ grain: 'month', to: null })
    expect(revenue?.moved?.period?.from).toBe('2024-03-01')
    // Four months of 100 and 101.
    expect(revenue?.moved).toMatchObject({ before: 804, after: 723.6 })
    expect(orders?.moved).toBeUndefined()
    expect(average?.moved?.within).toEqual([{ dimension: 'order__region', values: ['EU'] }])
    expect(average?.moved?.period?.from).toBe('2024-03-01')
    expect(await text()).toContain(
      'revenue 3,978 -> 3,897.6 (-2.0 %) in EU (order__region) since March 2024: -10.0 % there',
    )
    expect(await text('--output', 'markdown')).toContain(
      '| `revenue` | 3,978 | 3,897.6 | -2.0 % | in EU (order__region) since March 2024: -10.0 % there |',
    )
  })

  it('a value within a value, in one month', async () => {
    await rebuild(model('amount', "not (region = 'KR' and channel = 'web' and month(cast(day as date)) = 4)"))
    const { orders, revenue } = await report()
    expect(orders?.moved?.within).toHaveLength(2)
    expect(orders?.moved?.within).toEqual(
      expect.arrayContaining([
        { dimension: 'order__region', values: ['KR'] },
        { dimension: 'order__channel', values: ['web'] },
      ]),
    )
    expect(orders?.moved).toMatchObject({ before: 1, after: 0 })
    expect(await text()).toMatch(/orders 36 -> 35 \(-2\.8 %\) in .*KR.* in April 2024: -100\.0 % there/)
    expect(revenue?.moved?.period).toMatchObject({ grain: 'month' })
  })

  it('nowhere in particular when everything moved', async () => {
    await rebuild(model('amount * 2'))
    const { revenue } = await report()
    expect(revenue).toMatchObject({ before: 3978, after: 7956 })
    expect(revenue?.moved).toBeUndefined()
  })

  it('a time alone, when all values moved in it', async () => {
    await rebuild(model("case when day < '2024-03-01' then amount + 1 else amount end"))
    const { revenue } = await report()
    expect(revenue?.moved?.within).toEqual([])
    expect(await text()).toContain('until February 2024')
  })
})

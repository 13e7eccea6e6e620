import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { tableFromIPC } from 'apache-arrow'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type TestProject, testProject } from '../../support/project.js'
import { SHOP } from './shop.js'

let shop: TestProject
beforeAll(async () => {
  shop = testProject(SHOP)
  const { code, stdout } = await shop.run('build')
  expect(code, stdout).toBe(0)
}, 60_000)
afterAll(() => shop.dispose())

const BY_MONTH = ['query', '--metrics', 'revenue,order_value', '--group-by', 'metric_time__month']
const IN_ORDER = ['--order', 'metric_time__month']

describe('plumb query', () => {
  it('prints a table and nothing else', async () => {
    const { code, stdout, stderr } = await shop.run(...BY_MONTH, ...IN_ORDER)
    expect({ code, stdout, stderr }).toEqual({
      code: 0,
      stderr: '',
      stdout: [
        'metric_time__month  revenue  order_value',
        '------------------  -------  -----------',
        '2024-01-01            12.75        6.375',
        '2024-02-01             1.00            1',
        '',
      ].join('\n'),
    })
  })

  it('says values plainly in JSON: decimals in full, times as text, null and booleans as they are', async () => {
    const { stdout } = await shop.run(
      ...['query', '--metrics', 'revenue,order_count', '--group-by', 'metric_time__day,order__is_food'],
      ...['--order', 'metric_time__day', '--output', 'json'],
    )
    expect(stdout).toContain('["2024-01-01 00:00:00",true,5.50,1]')
    expect(JSON.parse(stdout)).toEqual({
      columns: [
        { name: 'metric_time__day', type: 'TIMESTAMP' },
        { name: 'order__is_food', type: 'BOOLEAN' },
        { name: 'revenue', type: 'DECIMAL(38,2)' },
        { name: 'order_count', type: expect.stringMatching(/INT/) },
      ],
      rows: [
        ['2024-01-01 00:00:00', true, 5.5, 1],
        ['2024-01-05 00:00:00', false, 7.25, 1],
        ['2024-02-05 00:00:00', null, 1, 1],
      ],
    })
  })

  it('filters, orders, limits and keeps to a range of time', async () => {
    const { stdout } = await shop.run(
      ...['query', '--metrics', 'revenue', '--group-by', "TimeDimension('metric_time', 'day'),customer__country"],
      ...['--where', "{{ Dimension('customer__country') }} is not null"],
      ...['--where', "{{ Dimension('order__is_food') }} is not null"],
      ...['--start-time', '2024-01-01', '--end-time', '2024-01-31', '--order', '-metric_time__day', '--limit', '1'],
      ...['--format', 'csv'],
    )
    expect(stdout).toBe('metric_time__day,customer__country,revenue\n2024-01-05 00:00:00,"Switzerland, CH",7.25\n')
  })

  it('writes CSV, Parquet, Arrow and Excel files that hold the same', async () => {
    for (const file of ['a.csv', 'a.parquet', 'a.arrow', 'a.xlsx']) {
      const { code, stdout } = await shop.run(...BY_MONTH, ...IN_ORDER, '--to', file)
      expect([code, stdout]).toEqual([0, `2 rows written to ${join(shop.dir, file)}\n`])
    }
    const rows = `select metric_time__month::date::varchar as m, revenue::double as r, order_value::double as v`
    const expected = [
      { m: '2024-01-01', r: 12.75, v: 6.375 },
      { m: '2024-02-01', r: 1, v: 1 },
    ]
    for (const file of ['a.csv', 'a.parquet']) {
      expect(await shop.query(`${rows} from '${shop.dir}/${file}'`)).toEqual(expected)
    }
    expect(await shop.query(`select typeof(revenue) as t from '${shop.dir}/a.parquet' limit 1`)).toEqual([
      { t: 'DECIMAL(38,2)' },
    ])
    const arrow = tableFromIPC(readFileSync(join(shop.dir, 'a.arrow')))
    expect(arrow.schema.fields.map(({ name, type }) => `${name} ${type}`)).toEqual([
      'metric_time__month Timestamp<MICROSECOND>',
      'revenue Decimal[38e+2]',
      'order_value Float64',
    ])
    expect(arrow.toArray().map((row) => [Number(row.revenue?.[0]), row.order_value])).toEqual([
      [1275, 6.375],
      [100, 1],
    ])
    expect(await shop.run('query', '--metrics', 'revenue', '--csv', 'b.csv', '--quiet')).toMatchObject({ stdout: '' })
    expect(shop.read('b.csv')).toBe('revenue\n13.75\n')
  })

  it('draws', async () => {
    const { stdout } = await shop.run(...BY_MONTH, ...IN_ORDER, '--chart')
    expect(stdout).toMatch(/revenue\n2024-01-01 {2}12\.75 {2}█{20,}\n2024-02-01 {3}1\.00 {2}█{2,8}/)
  })

  it('explains in words, with the files and the SQL, and runs nothing', async () => {
    const { stdout } = await shop.run('query', '--saved-query', 'by_country', '--explain')
    expect(stdout).toContain('revenue: sum of amount over orders')
    expect(stdout).toContain('join customers by customer')
    expect(stdout).toContain('"test"."main"."orders": models/orders.sql')
    expect(stdout).toMatch(/SQL:\nSELECT\n/)
    const sql = (await shop.run('query', '--saved-query', 'by_country', '--explain', '--quiet')).stdout
    expect(sql.startsWith('SELECT')).toBe(true)
    expect(await shop.query(sql)).toHaveLength(2)
  })

  it('refuses what it cannot answer, with what was meant', async () => {
    const { code, stdout, stderr } = await shop.run('query', '--metrics', 'revenu', '--group-by', 'metric_time')
    expect([code, stdout]).toEqual([2, ''])
    expect(stderr).toContain("There is no metric 'revenu'.")
    expect(stderr).toContain("did you mean 'revenue'?")
    expect((await shop.run('query')).stderr).toContain('Say what to ask')
    expect((await shop.run(...BY_MONTH, '--to', 'answer.doc')).stderr).toContain('.parquet')
  })

  it('answers many questions in one process, and goes on after a refusal', async () => {
    const lines = [
      { id: 1, query: { metrics: ['revenue'] } },
      { id: 'two', query: { metrics: ['revenues'] } },
      {
        id: 3,
        query: {
          metric_objects: [{ name: 'revenue', alias: 'money' }],
          group_by_objects: [{ name: 'customer__country' }],
          order_by: ['-revenue'],
          limit: 1,
        },
      },
      { id: 4, query: { group_by: ['customer__country'], min_max_only: true } },
      { id: 5, query: { metrics: ['revenue'], time_constraint: ['2024-02-01', '2024-02-29'] } },
      { id: 6, query: { limit: 'many' } },
    ]
    writeFileSync(join(shop.dir, 'q.jsonl'), `${lines.map((line) => JSON.stringify(line)).join('\n')}\n\nnonsense\n`)
    const { code, stdout } = await shop.run('query', '--queries', 'q.jsonl')
    expect(code).toBe(0)
    const answers = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>)
    expect(answers.map(({ id }) => id)).toEqual([1, 'two', 3, 4, 5, 6, null])
    expect(answers[0]).toEqual({ id: 1, columns: [{ name: 'revenue', type: 'DECIMAL(38,2)' }], rows: [[13.75]] })
    expect(answers[1]).toEqual({
      id: 'two',
      error: {
        code: 'metric-not-found',
        message: expect.stringContaining('revenues'),
        hint: expect.stringContaining('revenue'),
      },
    })
    expect(answers[2]?.['rows']).toEqual([['Switzerland, CH', 12.75]])
    expect(answers[2]?.['columns']).toMatchObject([{ name: 'customer__country' }, { name: 'money' }])
    expect(answers[3]?.['rows']).toEqual([['Switzerland, CH', 'Switzerland, CH']])
    expect(answers[4]?.['rows']).toEqual([[1]])
    expect(answers[5]).toMatchObject({ error: { code: 'query-form' } })
    expect(answers[6]).toMatchObject({ error: { code: 'question-syntax' } })
  })

  it('takes the definitions from a semantic manifest', async () => {
    const { stdout } = await shop.run(
      ...['query', '--metrics', 'revenue', '--semantic-manifest', 'target/semantic_manifest.json'],
    )
    expect(stdout).toContain('13.75')
    const missing = await shop.run('query', '--metrics', 'revenue', '--semantic-manifest', 'nowhere.json')
    expect([missing.code, missing.stderr.includes('nowhere.json cannot be read')]).toEqual([2, true])
  })
})

describe('what can be asked', () => {
  it('is listed, with search, under our names and those of mf', async () => {
    const names = async (...args: string[]) =>
      (JSON.parse((await shop.run(...args, '--output', 'json')).stdout) as { name: string }[]).map(({ name }) => name)
    expect(await names('metrics')).toEqual(['order_count', 'order_value', 'revenue', 'revenue_so_far'])
    expect(await names('list', 'metrics', '--search', 'what sold')).toEqual(['revenue'])
    expect(await names('dimensions', '--metrics', 'revenue')).toContain('customer__country')
    expect(await names('dimensions', '--search', 'country')).toEqual(['customer__country'])
    expect(await names('entities', '--metrics', 'revenue')).toContain('customer')
    expect(await names('saved-queries')).toEqual(['by_country'])
    expect((await shop.run('metrics')).stdout).toMatch(/^name +type +label +owner +description\n/)
    const values = await shop.run(
      'list',
      'dimension-values',
      '--dimension',
      'customer__country',
      '--metrics',
      'revenue',
    )
    expect(values.stdout).toContain('Switzerland, CH')
  })

  it('is checked, and with --warehouse held against the tables', async () => {
    const good = await shop.run('validate', '--warehouse')
    expect([good.code, good.stdout]).toEqual([
      0,
      '2 semantic models, 4 metrics, 1 saved queries: 0 errors, 0 warnings\n',
    ])
    const broken = testProject(SHOP)
    broken.write({
      models: { 'orders.sql': 'select 1 as order_id, 1 as customer_id, now() as ordered_at, true as is_food' },
    })
    await broken.run('run')
    const { code, stdout } = await broken.run('validate-configs', '--warehouse')
    expect(code).toBe(1)
    expect(stdout).toContain("The measure 'amount' (amount) is not in")
    broken.dispose()
  })
})

describe('definitions', () => {
  it('are refused while parsing, with file and line', async () => {
    const project = testProject(SHOP)
    project.write({
      models: {
        'more.yml':
          'metrics:\n  - name: x__y\n    label: Twice\n    type: simple\n    type_params: {measure: amount}\n',
      },
    })
    const { code, stdout } = await project.run('parse')
    expect(code).toBe(2)
    expect(stdout).toContain('Parsing Error in metric x__y (models/more.yml)')
    expect(stdout).toContain('--> models/more.yml:2:11')
    project.dispose()
  })

  it('mean the same in the newer spelling', async () => {
    const project = testProject(SHOP)
    project.remove('models/semantic.yml')
    project.write({
      models: {
        'models.yml': `
models:
  - name: days
    time_spine: {standard_granularity_column: date_day}
    columns: [{name: date_day, granularity: day}]
  - name: orders
    semantic_model: true
    agg_time_dimension: ordered_at
    columns:
      - {name: order_id, entity: {type: primary, name: order}}
      - {name: customer_id, entity: {type: foreign, name: customer}}
      - {name: ordered_at, granularity: day, dimension: time}
      - {name: is_food, dimension: categorical}
    metrics:
      - {name: revenue, label: Revenue, type: simple, agg: sum, expr: amount}
      - {name: order_count, type: simple, agg: count, expr: 1}
      - {name: food, type: simple, agg: sum, expr: amount, filter: "{{ Dimension('order__is_food') }}"}
  - name: customers
    semantic_model: {enabled: true, name: customers}
    columns:
      - {name: customer_id, entity: {type: primary, name: customer}}
      - {name: country, dimension: categorical}
`,
        'metrics.yml': `
metrics:
  - {name: order_value, type: ratio, numerator: revenue, denominator: order_count}
  - {name: revenue_so_far, type: cumulative, input_metric: revenue, grain_to_date: month}
  - name: food_share
    type: derived
    expr: food / all_sold
    input_metrics: [{name: food}, {name: revenue, alias: all_sold}]
`,
      },
    })
    expect((await project.run('build')).code).toBe(0)
    const asked = [...BY_MONTH, ...IN_ORDER, '--output', 'json']
    expect((await project.run(...asked)).stdout).toBe((await shop.run(...asked)).stdout)
    const cumulative = ['query', '--metrics', 'revenue_so_far', '--group-by', 'metric_time', '--output', 'csv']
    expect((await project.run(...cumulative, '--order', 'metric_time')).stdout).toBe(
      (await shop.run(...cumulative, '--order', 'metric_time')).stdout,
    )
    expect((await project.run('query', '--metrics', 'food_share', '--decimals', '2')).stdout).toContain('0.40')
    expect(
      (await project.run('ls', '--select', '+metric:food_share', '--quiet')).stdout.trim().split('\n').sort(),
    ).toEqual([
      'metric:test.food',
      'metric:test.food_share',
      'metric:test.revenue',
      'semantic_model:test.orders',
      'test.orders',
    ])
    project.write({ models: { 'metrics.yml': 'metrics:\n  - {name: broken, type: simple, agg: sum}\n' } })
    expect((await project.run('parse')).stdout).toContain('--> models/metrics.yml:2:5')
    project.dispose()
  })
})

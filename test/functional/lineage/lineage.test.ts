import { cpSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type TestProject, testProject } from '../../support/project.js'

const SCHEMA = (measure: string, more: string): string => `
models:
  - name: stg_orders
    columns:
      - name: email
        description: Where the buyer can be reached
        tags: [pii]
  - name: orders
    columns:
      - name: order_id
        data_tests: [unique]
exposures:
  - name: board
    type: dashboard
    owner: {name: someone}
    depends_on: [ref('customers')]
semantic_models:
  - name: orders
    model: ref('orders')
    defaults: {agg_time_dimension: ordered_at}
    entities: [{name: order, type: primary, expr: order_id}]
    dimensions: [{name: ordered_at, type: time, type_params: {time_granularity: day}}]
    measures: [{name: revenue, agg: sum, expr: ${measure}}]
metrics:
  - name: revenue
    label: Revenue
    type: simple
    type_params: {measure: revenue}
${more}`

const TWICE = `  - name: revenue_twice
    label: Twice
    type: derived
    type_params: {expr: revenue * 2, metrics: [{name: revenue}]}
`

const FILES = {
  'profiles.yml':
    'test:\n  target: dev\n  outputs:\n    dev: {type: duckdb, path: test.duckdb, schema: dev}\n    prod: {type: duckdb, path: test.duckdb, schema: prod}\n',
  seeds: {
    'raw_orders.csv':
      'id,cust,total,status,day,email\n1,1,10,paid,2024-01-01,a@x\n2,1,20,open,2024-01-02,b@x\n3,2,30,paid,2024-01-03,c@x\n',
  },
  models: {
    'schema.yml': SCHEMA('amount', ''),
    'stg_orders.sql':
      "select id as order_id, cust as customer_id, total as amount, status, day as ordered_at, email from {{ ref('raw_orders') }}",
    'paid.sql':
      "{{ config(materialized='ephemeral') }}\nselect * exclude (status) from {{ ref('stg_orders') }} where status in ('paid', 'open')",
    'orders.sql': "select order_id, customer_id, amount, ordered_at, email as contact\nfrom {{ ref('paid') }}",
    'customers.sql':
      "select customer_id, sum(amount) as revenue, count(*) as n from {{ ref('orders') }} group by customer_id",
    'metricflow_time_spine.sql':
      "select cast(range as date) as date_day from range(date '2024-01-01', date '2024-02-01', interval 1 day)",
  },
}

interface Slice {
  readonly nodes: readonly {
    unique_id: string
    level: string
    role?: string
    columns: { name: string; type: string | null; tags: string[] }[]
  }[]
  readonly edges: readonly { from: string; to: string; kind: string }[]
}

describe('plumb lineage, compile --check, diff', () => {
  let project: TestProject

  beforeAll(async () => {
    project = testProject(FILES)
    expect((await project.run('build', '--target', 'prod')).code).toBe(0)
    cpSync(join(project.dir, 'target'), join(project.dir, 'state'), { recursive: true })
  })
  afterAll(() => project.dispose())

  const slice = async (...args: string[]): Promise<Slice> => {
    const result = await project.run('lineage', '-q', '--output', 'json', ...args)
    expect(result.stderr + (result.code === 0 ? '' : result.stdout)).toBe('')
    return JSON.parse(result.stdout) as Slice
  }

  it('follows a column up through ephemeral models to the seed', async () => {
    const { edges } = await slice('orders.amount', '--upstream')
    expect(edges).toEqual([
      { from: 'model.test.paid.amount', to: 'model.test.orders.amount', kind: 'copied' },
      { from: 'model.test.stg_orders.amount', to: 'model.test.paid.amount', kind: 'copied' },
      { from: 'seed.test.raw_orders.total', to: 'model.test.stg_orders.amount', kind: 'renamed' },
    ])
  })

  it('follows a column down to measures, metrics, tests and exposures', async () => {
    const { edges, nodes } = await slice('raw_orders.total', '--downstream')
    expect(edges.map(({ from, to, kind }) => `${from} ${kind} ${to}`)).toEqual(
      expect.arrayContaining([
        'model.test.orders.amount aggregated model.test.customers.revenue',
        'model.test.orders.amount aggregated semantic_model.test.orders.revenue',
        'semantic_model.test.orders.revenue copied metric.test.revenue',
        'model.test.customers reads exposure.test.board',
      ]),
    )
    expect(edges.some(({ to }) => to.startsWith('test.'))).toBe(false)
    expect(nodes.find((node) => node.unique_id === 'model.test.customers')?.role).toBe('core')
  })

  it('carries tags along pure copies, and types from binding', async () => {
    const { nodes } = await slice('orders')
    const contact = nodes
      .find((node) => node.unique_id === 'model.test.orders')
      ?.columns.find(({ name }) => name === 'contact')
    expect(contact).toEqual({ name: 'contact', type: 'VARCHAR', tags: ['pii'] })
  })

  it('prints trees, Mermaid and dot; says what is near an unknown name', async () => {
    const tree = await project.run('lineage', '-q', 'metric:revenue', '--upstream')
    expect(tree.stdout).toContain('semantic_model orders.revenue  copied')
    expect((await project.run('lineage', '-q', 'orders.amount', '--output', 'mermaid')).stdout).toMatch(/^flowchart LR/)
    expect((await project.run('lineage', '-q', 'orders.amount', '--output', 'dot')).stdout).toMatch(/^digraph/)
    const wrong = await project.run('lineage', '-q', 'orders.amout')
    expect(wrong.code).toBe(2)
    expect(wrong.stdout + wrong.stderr).toContain("did you mean 'amount'?")
  })

  it('selects by column', async () => {
    const result = await project.run('ls', '-q', '--select', 'column:stg_orders.amount+', '--resource-type', 'model')
    expect(result.lines.filter((line) => line !== '')).toEqual([
      'test.customers',
      'test.orders',
      'test.paid',
      'test.stg_orders',
    ])
    const status = await project.run('ls', '-q', '--select', 'column:stg_orders.status+', '--resource-type', 'model')
    expect(status.lines.filter((line) => line !== '')).toEqual(['test.paid', 'test.stg_orders'])
  })

  it('checks without data: faults stand at the line of the template', async () => {
    expect((await project.run('compile', '--check')).stdout).toContain('Checked 5 models: everything fits')
    project.write({
      models: {
        'orders.sql': "select order_id, customer_id, amount, ordered_at,\n  emial as contact\nfrom {{ ref('paid') }}",
      },
    })
    const result = await project.run('compile', '--check')
    expect(result.code).toBe(1)
    expect(result.stdout).toContain('Database Error in model orders (models/orders.sql)')
    expect(result.stdout).toContain('models/orders.sql:2:3')
    project.write(FILES)
  })

  it('checks contracts', async () => {
    const contract = `models:\n  - name: customers\n    config: {contract: {enforced: true}}\n    columns:\n      - {name: customer_id, data_type: varchar}\n      - {name: revenue, data_type: hugeint}\n      - {name: n, data_type: bigint}\n`
    project.write({ models: { 'contract.yml': contract } })
    const result = await project.run('compile', '--check', '--select', 'customers')
    expect(result.code).toBe(1)
    expect(result.stdout).toContain('customer_id: promised as varchar, the query gives INTEGER')
    expect(result.stdout).not.toContain('revenue: promised')
    project.remove('models/contract.yml')
  })

  it('names tables that are written out', async () => {
    project.write({ models: { 'hard.sql': 'select amount from "test"."dev"."orders", somewhere.else' } })
    const result = await project.run('lineage', 'hard')
    expect(result.stdout).toContain('test.dev.orders')
    project.write({
      models: { 'hard.sql': 'select 1 as one\nfrom "test"."dev"."orders" o\njoin somewhere.other on true' },
    })
    const check = await project.run('compile', '--check', '--select', 'hard')
    expect(check.stdout).toContain('"test"."dev"."orders" is written out in the SQL')
    expect(check.stdout).toContain('models/hard.sql:2:6')
    expect(check.stdout).toContain("{{ ref('orders') }} is the same table")
    expect(check.stdout).toContain('somewhere.other is written out in the SQL')
    expect(check.stdout).toContain('models/hard.sql:3:6')
    project.remove('models/hard.sql')
  })

  it('says exactly what a pull request touches and how the metrics moved', async () => {
    project.write({
      models: {
        'schema.yml': SCHEMA('order_amount', TWICE),
        'paid.sql':
          "{{ config(materialized='ephemeral') }}\nselect * exclude (status) from {{ ref('stg_orders') }} where status in ('paid')",
        'orders.sql':
          "select order_id, customer_id, amount as order_amount, ordered_at, email as contact\nfrom {{ ref('paid') }}",
        'customers.sql':
          "select customer_id, sum(order_amount) as revenue, count(*) as n from {{ ref('orders') }} group by customer_id",
      },
    })
    const built = await project.run('build', '-q')
    expect(built.stdout + built.stderr).toBe('')
    const result = await project.run('diff', '-q', '--state', 'state', '--data', '--output', 'json')
    const report = JSON.parse(result.stdout) as {
      breaking: boolean
      resources: {
        id: string
        change: string
        rows: boolean
        rowUses?: { added: string[]; removed: string[] }
        columns: { name: string; change: string; after: string | null }[]
      }[]
      data: { name: string; before: number | null; after: number | null }[]
    }
    const of = (id: string) => report.resources.find((each) => each.id === id)
    expect(of('model.test.orders')?.columns).toMatchObject([
      { name: 'amount', change: 'renamed', after: 'order_amount' },
    ])
    expect(of('model.test.paid')).toMatchObject({ change: 'modified', rows: true, columns: [] })
    expect(of('model.test.paid')?.rowUses).toEqual({ added: [], removed: [] })
    expect(of('metric.test.revenue_twice')?.change).toBe('added')
    expect(of('metric.test.revenue')?.change).toBe('affected')
    expect(of('exposure.test.board')?.change).toBe('affected')
    expect(of('model.test.stg_orders')).toBeUndefined()
    expect(report.breaking).toBe(false)
    expect(report.data).toEqual(
      expect.arrayContaining([
        { name: 'orders', kind: 'rows', before: 3, after: 2 },
        {
          name: 'revenue',
          kind: 'metric',
          before: 60,
          after: 40,
          moved: { within: [], period: { grain: 'day', from: '2024-01-02', to: '2024-01-02' }, before: 20, after: 0 },
        },
        { name: 'revenue_twice', kind: 'metric', before: null, after: 80 },
      ]),
    )
    const markdown = await project.run('diff', '-q', '--state', 'state', '--data', '--output', 'markdown')
    expect(markdown.stdout).toContain('| `revenue` | 60 | 40 | -33.3 % | on 2024-01-02: -100.0 % there |')
  })
})

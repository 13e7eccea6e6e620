import { createFlags, createInvocation, openProject, type Workspace } from '../../src/index.js'
import { type Answer, decimalAt, type ManagedQueryService, textAt } from '../../src/query/index.js'
import type { QueryServiceOptions } from '../../src/query/service.js'
import { openQueryService } from '../../src/query-workspace.js'
import type { Tree } from './project.js'

const SPINE = `
select cast(d as date) as date_day
from (select {{ dates }} as d) as days
`

/** A small shop: two facts, one dimension table, four metrics; columns of every common type. */
export const SHOP: Tree = {
  'seeds/raw_customers.csv': [
    'customer_id,name,email,region,tier',
    ...Array.from({ length: 12 }, (_, i) => {
      const id = i + 1
      return `${id},Name ${id},user${id}@example.com,${['north', 'south', 'west'][i % 3]},${i % 2 === 0 ? 'gold' : 'basic'}`
    }),
  ].join('\n'),
  'seeds/raw_orders.csv': [
    'order_id,customer_id,ordered_at,amount,channel',
    ...Array.from({ length: 60 }, (_, i) => {
      const day = String((i % 28) + 1).padStart(2, '0')
      const month = String((i % 3) + 1).padStart(2, '0')
      return `${i + 1},${(i % 12) + 1},2024-${month}-${day} 10:30:00,${(i * 7) % 100}.5,${i % 4 === 0 ? 'web' : 'shop'}`
    }),
  ].join('\n'),
  'models/customers.sql': "select * from {{ ref('raw_customers') }}",
  'models/orders.sql': `
select o.order_id, o.customer_id, cast(o.ordered_at as timestamp) as ordered_at, cast(o.amount as double precision) as amount, o.channel, c.region
from {{ ref('raw_orders') }} as o join {{ ref('raw_customers') }} as c on c.customer_id = o.customer_id`,
  'models/region_summary.sql': `
select region, count(*) as orders, sum(amount) as amount from {{ ref('orders') }} group by region`,
  'models/time_spine.sql': `{% if target.type == 'postgres' %}{% set dates = "generate_series(timestamp '2024-01-01', timestamp '2024-04-30', interval '1 day')" %}{% else %}{% set dates = "unnest(generate_series(timestamp '2024-01-01', timestamp '2024-04-30', interval '1 day'))" %}{% endif %}{{ config(materialized='table') }}${SPINE}`,
  'models/schema.yml': `
models:
  - name: time_spine
    time_spine:
      standard_granularity_column: date_day
    columns:
      - name: date_day
        granularity: day
  - name: orders
    config: {materialized: table}
    columns:
      - name: order_id
        data_tests: [unique, not_null]
  - name: customers
    config: {materialized: table}
    description: People who bought something
    columns:
      - name: customer_id
        data_tests: [unique]
      - name: email
        description: Where to write to
        tags: [pii]
  - name: region_summary
    config: {materialized: table}
semantic_models:
  - name: orders
    model: ref('orders')
    defaults: {agg_time_dimension: ordered_at}
    entities:
      - {name: order, type: primary, expr: order_id}
      - {name: customer, type: foreign, expr: customer_id}
    dimensions:
      - {name: ordered_at, type: time, type_params: {time_granularity: day}}
      - {name: channel, type: categorical}
      - {name: order_region, type: categorical, expr: region}
    measures:
      - {name: revenue, agg: sum, expr: amount}
      - {name: order_count, agg: sum, expr: '1'}
  - name: customers
    model: ref('customers')
    entities:
      - {name: customer, type: primary, expr: customer_id}
    dimensions:
      - {name: region, type: categorical}
      - {name: tier, type: categorical}
      - {name: email, type: categorical}
metrics:
  - {name: revenue, label: Revenue, description: What was paid, type: simple, type_params: {measure: revenue}}
  - {name: orders, label: Orders, type: simple, type_params: {measure: order_count}}
  - {name: secret_revenue, label: Secret, type: simple, type_params: {measure: revenue}, filter: "{{ Dimension('order__channel') }} = 'web'"}
  - name: order_value
    label: Order value
    type: ratio
    type_params: {numerator: revenue, denominator: orders}
saved_queries:
  - name: by_region
    query_params:
      metrics: [revenue]
      group_by: ["Dimension('customer__region')"]
`,
}

/** Opens a project directory as the library does. */
export async function openWorkspace(dir: string): Promise<Workspace> {
  const env = { ...process.env, HOME: dir }
  return openProject({
    invocation: createInvocation({ env, cwd: dir }),
    flags: createFlags({ writeJson: false }),
    projectDir: dir,
    profilesDir: dir,
  })
}

export interface OpenedService {
  readonly service: ManagedQueryService
  readonly workspace: Workspace
  close(): Promise<void>
}

export async function openService(
  dir: string,
  options: Omit<QueryServiceOptions, 'ground'> = {},
): Promise<OpenedService> {
  const workspace = await openWorkspace(dir)
  const service = await openQueryService(workspace, options)
  return {
    service,
    workspace,
    async close() {
      await service.close()
      await workspace.close()
    },
  }
}

/** The rows of an answer as objects: dates and times as text, decimals as numbers. */
export async function rowsOf(answer: Answer): Promise<Record<string, unknown>[]> {
  const rows: Record<string, unknown>[] = []
  for await (const batch of answer.batches) {
    for (let row = 0; row < batch.rowCount; row++) {
      rows.push(
        Object.fromEntries(
          answer.columns.map(({ name }, at) => {
            const vector = batch.columns[at]!
            if (vector.kind === 'cells') return [name, plain(vector.values[row])]
            if (vector.nulls?.[row] === 1) return [name, null]
            if (vector.kind === 'text') return [name, textAt(vector, row)]
            if (vector.kind === 'decimal') return [name, Number(decimalAt(vector, row))]
            const value = vector.values[row]!
            if (vector.kind === 'date') return [name, new Date(Number(value) * 86_400_000).toISOString().slice(0, 10)]
            if (vector.kind === 'timestamp') return [name, new Date(Number((value as bigint) / 1000n)).toISOString()]
            if (vector.kind === 'boolean') return [name, value === 1]
            return [name, Number(value)]
          }),
        ),
      )
    }
  }
  return rows
}

function plain(cell: unknown): unknown {
  if (typeof cell === 'object' && cell !== null && (cell as { kind?: string }).kind === 'decimal')
    return Number((cell as { text: string }).text)
  return cell
}

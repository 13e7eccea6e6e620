import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createSemanticEngine, type MetricQuery } from '../../src/semantic/index.js'
import { Random } from '../conformance/metricflow/differential-random.js'
import { shopManifest } from './support/shop.js'
import { openShop, type ShopDatabase, sorted } from './support/shop-database.js'

interface Order {
  readonly id: number
  readonly customer: number | null
  readonly at: string | null
  readonly status: string | null
  readonly amount: number | null
  readonly country: string | null
  readonly signedUp: string | null
}

type Key = (order: Order) => unknown

/** What the metrics mean, written a second time: over plain objects. */
const METRICS: Readonly<Record<string, (orders: readonly Order[]) => unknown>> = {
  revenue: (orders) => sum(orders.map((order) => order.amount)),
  order_count: (orders) => orders.length,
  buyers: (orders) => new Set(orders.flatMap((order) => order.customer ?? [])).size,
  average_order: (orders) => {
    const amounts = orders.flatMap((order) => order.amount ?? [])
    return amounts.length === 0 ? null : Number((sum(amounts)! / amounts.length).toPrecision(10))
  },
  smallest_order: (orders) => {
    const amounts = orders.flatMap((order) => order.amount ?? [])
    return amounts.length === 0 ? null : Math.min(...amounts)
  },
  paid_orders: (orders) => orders.filter((order) => order.status === 'paid').length,
  paid_revenue: (orders) => sum(orders.map((order) => order.amount)),
}

const OWN_FILTERS: Readonly<Record<string, (order: Order) => boolean>> = {
  paid_revenue: (order) => order.status === 'paid',
}

const ITEMS: Readonly<Record<string, Key>> = {
  order__status: (order) => order.status,
  customer__country: (order) => order.country,
  metric_time__day: (order) => order.at?.slice(0, 10) ?? null,
  metric_time__month: (order) => (order.at === null ? null : `${order.at.slice(0, 7)}-01`),
  order__ordered_at__year: (order) => (order.at === null ? null : `${order.at.slice(0, 4)}-01-01`),
  customer__signed_up_at__month: (order) => (order.signedUp === null ? null : `${order.signedUp.slice(0, 7)}-01`),
  customer: (order) => order.customer,
}

const FILTERS: readonly { readonly sql: string; readonly holds: (order: Order) => boolean }[] = [
  { sql: "{{ Dimension('order__status') }} = 'paid'", holds: (o) => o.status === 'paid' },
  { sql: "{{ Dimension('order__status') }} <> 'paid'", holds: (o) => o.status !== null && o.status !== 'paid' },
  { sql: "{{ Dimension('order__status') }} IS NULL", holds: (o) => o.status === null },
  {
    sql: "{{ Dimension('customer__country') }} IN ('SE', 'DE')",
    holds: (o) => o.country === 'SE' || o.country === 'DE',
  },
  {
    sql: "{{ Dimension('customer__country') }} = 'SE' OR {{ Dimension('order__status') }} = 'open'",
    holds: (o) => o.country === 'SE' || o.status === 'open',
  },
  {
    sql: "{{ TimeDimension('metric_time', 'day') }} >= '2024-02-01'",
    holds: (o) => o.at !== null && o.at >= '2024-02-01',
  },
  {
    sql: "NOT ({{ TimeDimension('metric_time', 'month') }} = '2024-01-15')",
    holds: (o) => o.at !== null,
  },
  { sql: "{{ Entity('customer') }} = 1", holds: (o) => o.customer === 1 },
]

describe('random questions, compared with an evaluation over plain objects', () => {
  const engine = createSemanticEngine(shopManifest(), { dialect: 'duckdb' })
  let shop: ShopDatabase
  let orders: readonly Order[]
  beforeAll(async () => {
    shop = await openShop()
    const { rows } = await shop.ask(`SELECT order_id, customer_id, ordered_at::VARCHAR, status, amount, country,
      signed_up_at::VARCHAR FROM shop.orders LEFT JOIN shop.customers USING (customer_id)`)
    orders = rows.map(([id, customer, at, status, amount, country, signedUp]) => {
      return { id, customer, at, status, amount, country, signedUp } as Order
    })
  })
  afterAll(() => shop.close())

  test.each(Array.from({ length: 8 }, (_, seed) => seed))('seed %i', async (seed) => {
    const random = new Random(seed)
    for (let index = 0; index < 25; index++) {
      const metrics = random.some(Object.keys(METRICS), random.between(1, 3))
      const groupBy = random.some(Object.keys(ITEMS), random.between(1, 3))
      const filters = random.some(FILTERS, random.pick([0, 0, 1, 1, 2]))
      const ranged = random.chance(0.3)
      const query: MetricQuery = {
        metrics,
        groupBy,
        where: filters.map((filter) => filter.sql),
        ...(ranged ? { timeRange: { start: '2024-01-03', end: '2024-02-05' } } : {}),
      }
      const whole = groupBy.includes('metric_time__month') && !groupBy.includes('metric_time__day')
      const [start, end] = whole ? ['2024-01-01', '2024-02-29'] : ['2024-01-03', '2024-02-05']
      const kept = orders.filter((order) => {
        const day = order.at?.slice(0, 10)
        const inRange = !ranged || (day !== undefined && day >= start! && day <= end!)
        return inRange && filters.every((filter) => filter.holds(order))
      })
      const { sql } = engine.compile(query)
      const answer = await shop.ask(sql)
      expect(sorted(answer.rows), `${JSON.stringify(query)}\n${sql}`).toEqual(sorted(evaluate(metrics, groupBy, kept)))
    }
  })
})

/** A row for each combination that any of the metrics has. */
function evaluate(metrics: readonly string[], groupBy: readonly string[], orders: readonly Order[]): unknown[][] {
  const perMetric = metrics.map((metric) => {
    const groups = new Map<string, Order[]>()
    for (const order of orders.filter(OWN_FILTERS[metric] ?? (() => true))) {
      const key = JSON.stringify(groupBy.map((item) => ITEMS[item]!(order)))
      groups.set(key, [...(groups.get(key) ?? []), order])
    }
    return groups
  })
  const keys = new Set(perMetric.flatMap((groups) => [...groups.keys()]))
  return [...keys].map((key) => {
    const values = metrics.map((metric, index) => {
      const group = perMetric[index]!.get(key)
      return group === undefined ? null : METRICS[metric]!(group)
    })
    return [...(JSON.parse(key) as unknown[]), ...values]
  })
}

function sum(values: readonly (number | null)[]): number | null {
  const present = values.flatMap((value) => value ?? [])
  return present.length === 0 ? null : present.reduce((total, value) => total + value, 0)
}

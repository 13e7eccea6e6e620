import type { MetricQuery } from '../../../src/semantic/index.js'

/** A question, and the statement a careful person writes for it by hand (DuckDB). */
export interface FeatureCase {
  readonly name: string
  readonly query: MetricQuery
  readonly sql: string
}

const BY_MONTH = { groupBy: ['metric_time__month'] } as const

const MONTHS = "(SELECT DISTINCT date_trunc('month', date_day)::TIMESTAMP AS m FROM shop.days)"
const ORDER_DAYS = "SELECT date_trunc('day', ordered_at) AS d, amount FROM shop.orders"

/** One case for each feature; the texts for all warehouses are in `snapshots/`. */
export const CASES: readonly FeatureCase[] = [
  {
    name: 'sum by month',
    query: { metrics: ['revenue'], ...BY_MONTH },
    sql: "SELECT date_trunc('month', ordered_at), sum(amount) FROM shop.orders GROUP BY 1",
  },
  {
    name: 'every aggregation at once',
    query: {
      metrics: ['revenue', 'order_count', 'buyers', 'average_order', 'smallest_order', 'paid_orders'],
      groupBy: ['order__status'],
    },
    sql: `SELECT status, sum(amount), count(order_id), count(DISTINCT customer_id), avg(amount), min(amount),
      sum(CASE WHEN status = 'paid' THEN 1 ELSE 0 END) FROM shop.orders GROUP BY 1`,
  },
  {
    name: 'percentiles',
    query: { metrics: ['median_order', 'p90_order'] },
    sql: 'SELECT quantile_cont(amount, 0.5), quantile_cont(amount, 0.9) FROM shop.orders',
  },
  {
    name: 'dimension of another model',
    query: { metrics: ['revenue'], groupBy: ['customer__country'] },
    sql: 'SELECT country, sum(amount) FROM shop.orders LEFT JOIN shop.customers USING (customer_id) GROUP BY 1',
  },
  {
    name: 'filters on both sides of a join',
    query: {
      metrics: ['revenue'],
      where: [
        "{{ Dimension('customer__country') }} = 'SE'",
        "{{ TimeDimension('metric_time', 'month') }} < '2024-02-01'",
      ],
    },
    sql: `SELECT sum(amount) FROM shop.orders JOIN shop.customers USING (customer_id)
      WHERE country = 'SE' AND ordered_at < '2024-02-01'`,
  },
  {
    name: 'filter that excludes',
    query: {
      metrics: ['order_count'],
      where: ["{{ TimeDimension('customer__signed_up_at', 'month') }} <> '2024-01-02'"],
    },
    sql: `SELECT count(*) FROM shop.orders JOIN shop.customers USING (customer_id) WHERE signed_up_at IS NOT NULL`,
  },
  {
    name: 'filter by another metric',
    query: { metrics: ['revenue'], where: ["{{ Metric('visit_count', group_by=['customer']) }} > 1"] },
    sql: `SELECT sum(amount) FROM shop.orders
      WHERE customer_id IN (SELECT customer_id FROM shop.visits GROUP BY 1 HAVING count(*) > 1)`,
  },
  {
    name: 'metric with a filter beside one without',
    query: { metrics: ['revenue', 'paid_revenue'], ...BY_MONTH },
    sql: `SELECT date_trunc('month', ordered_at), sum(amount), sum(amount) FILTER (WHERE status = 'paid')
      FROM shop.orders GROUP BY 1`,
  },
  {
    name: 'parts of a date',
    query: { metrics: ['order_count'], groupBy: [{ name: 'metric_time', datePart: 'dow' }] },
    sql: 'SELECT isodow(ordered_at), count(*) FROM shop.orders GROUP BY 1',
  },
  {
    name: 'custom calendar',
    query: { metrics: ['revenue'], groupBy: ['metric_time__fiscal_month'] },
    sql: `SELECT fiscal_month, sum(amount) FROM shop.orders LEFT JOIN shop.days ON ordered_at::DATE = date_day GROUP BY 1`,
  },
  {
    name: 'time range in whole months',
    query: { metrics: ['revenue'], ...BY_MONTH, timeRange: { start: '2024-01-20', end: '2024-02-10' } },
    sql: `SELECT date_trunc('month', ordered_at), sum(amount) FROM shop.orders
      WHERE ordered_at >= '2024-01-01' AND ordered_at < '2024-03-01' GROUP BY 1`,
  },
  {
    name: 'a row for each day',
    query: {
      metrics: ['daily_revenue'],
      groupBy: ['metric_time'],
      timeRange: { start: '2024-01-01', end: '2024-01-05' },
    },
    sql: `SELECT date_day, coalesce(sum(amount), 0) FROM shop.days LEFT JOIN shop.orders ON ordered_at::DATE = date_day
      WHERE date_day BETWEEN '2024-01-01' AND '2024-01-05' GROUP BY 1`,
  },
  {
    name: 'ratio of two models',
    query: { metrics: ['orders_per_visit'], ...BY_MONTH },
    sql: `WITH o AS (SELECT date_trunc('month', ordered_at) m, count(*) n FROM shop.orders GROUP BY 1),
      v AS (SELECT date_trunc('month', visited_at) m, count(*) n FROM shop.visits GROUP BY 1)
      SELECT coalesce(o.m, v.m), o.n / v.n FROM o FULL JOIN v ON o.m = v.m`,
  },
  {
    name: 'derived from one scan',
    query: { metrics: ['average_basket'], ...BY_MONTH },
    sql: `SELECT date_trunc('month', ordered_at), sum(amount) / count(order_id) FROM shop.orders GROUP BY 1`,
  },
  {
    name: 'growth against a month ago',
    query: { metrics: ['revenue_growth'], ...BY_MONTH },
    sql: `WITH r AS (SELECT date_trunc('month', ordered_at) m, sum(amount) n FROM shop.orders GROUP BY 1),
      b AS (SELECT months.m, r.n FROM ${MONTHS} months JOIN r ON months.m - INTERVAL 1 month = r.m)
      SELECT coalesce(r.m, b.m), r.n - b.n FROM r FULL JOIN b ON r.m = b.m`,
  },
  {
    name: 'since the start of the month',
    query: { metrics: ['since_month_start'], groupBy: ['metric_time__day'] },
    sql: `WITH r AS (SELECT date_trunc('day', ordered_at) d, sum(amount) n FROM shop.orders GROUP BY 1),
      b AS (SELECT date_day d, r.n FROM shop.days JOIN r ON date_trunc('month', date_day) = r.d)
      SELECT coalesce(r.d, b.d), r.n - b.n FROM r FULL JOIN b ON r.d = b.d`,
  },
  {
    name: 'offset by a custom period',
    query: { metrics: ['fiscal_month_ago'], groupBy: ['metric_time__fiscal_month'] },
    sql: `WITH p AS (SELECT fiscal_month f, lead(fiscal_month) OVER (ORDER BY fiscal_month) nxt
        FROM (SELECT DISTINCT fiscal_month FROM shop.days))
      SELECT nxt, sum(amount) FROM shop.orders JOIN shop.days ON ordered_at::DATE = date_day
        JOIN p ON f = fiscal_month GROUP BY 1`,
  },
  {
    name: 'sum of the last seven days',
    query: {
      metrics: ['revenue_7d'],
      groupBy: ['metric_time__day'],
      timeRange: { start: '2024-01-01', end: '2024-02-10' },
    },
    sql: `SELECT date_day, sum(amount) FROM shop.days JOIN (${ORDER_DAYS}) o
        ON d <= date_day AND d > date_day - INTERVAL 7 day
      WHERE date_day BETWEEN '2024-01-01' AND '2024-02-10' GROUP BY 1`,
  },
  {
    name: 'month to date',
    query: { metrics: ['revenue_mtd'], groupBy: ['metric_time__day'] },
    sql: `SELECT date_day, sum(amount) FROM shop.days JOIN (${ORDER_DAYS}) o
        ON d <= date_day AND d >= date_trunc('month', date_day) GROUP BY 1`,
  },
  {
    name: 'all time, at the end of each month',
    query: { metrics: ['revenue_ever'], ...BY_MONTH },
    sql: `SELECT date_trunc('month', max(date_day)), max_by(total, date_day) FROM (
        SELECT date_day, sum(amount) total FROM shop.days JOIN (${ORDER_DAYS}) o ON d <= date_day GROUP BY 1)
      GROUP BY date_trunc('month', date_day)`,
  },
  {
    name: 'different buyers of the last seven days',
    query: { metrics: ['buyers_7d'], groupBy: ['metric_time__day'] },
    sql: `SELECT date_day, count(DISTINCT customer_id) FROM shop.days
      JOIN shop.orders ON date_trunc('day', ordered_at) <= date_day AND date_trunc('day', ordered_at) > date_day - INTERVAL 7 day
      GROUP BY 1`,
  },
  {
    name: 'conversions within three days',
    query: { metrics: ['visit_to_order'], groupBy: ['customer__country'] },
    sql: `WITH v AS (SELECT visit_id, customer_id, country, visited_at FROM shop.visits LEFT JOIN shop.customers USING (customer_id)),
      c AS (SELECT order_id, max_by(country, visited_at) country FROM v JOIN shop.orders o USING (customer_id)
        WHERE visited_at <= date_trunc('day', ordered_at) AND visited_at > date_trunc('day', ordered_at) - INTERVAL 3 day
        GROUP BY 1)
      SELECT v.country, (SELECT nullif(count(*), 0) FROM c WHERE c.country IS NOT DISTINCT FROM v.country) / count(*)
      FROM v GROUP BY 1`,
  },
  {
    name: 'last balance of each customer',
    query: { metrics: ['closing_balance'] },
    sql: `SELECT sum(balance) FROM shop.balances b
      WHERE balance_date = (SELECT max(balance_date) FROM shop.balances x WHERE x.customer_id = b.customer_id)`,
  },
  {
    name: 'values of a dimension',
    query: { groupBy: ['customer__country'], where: ["{{ Dimension('customer__country') }} IS NOT NULL"] },
    sql: 'SELECT DISTINCT country FROM shop.customers WHERE country IS NOT NULL',
  },
  {
    name: 'first and last time',
    query: { groupBy: ['order__ordered_at__day'], minMaxOnly: true },
    sql: "SELECT date_trunc('day', min(ordered_at)), date_trunc('day', max(ordered_at)) FROM shop.orders",
  },
  {
    name: 'aliases, order and limit',
    query: {
      metrics: [{ name: 'revenue', alias: 'money' }],
      groupBy: [{ name: 'customer__country', alias: 'land' }],
      where: ["{{ Dimension('customer__country') }} IS NOT NULL"],
      orderBy: ['-revenue'],
      limit: 1,
    },
    sql: `SELECT country, sum(amount) FROM shop.orders JOIN shop.customers USING (customer_id)
      WHERE country IS NOT NULL GROUP BY 1 ORDER BY 2 DESC LIMIT 1`,
  },
  {
    name: 'saved query with another filter',
    query: { savedQuery: 'paid_by_country', where: ["{{ Dimension('customer__country') }} = 'SE'"] },
    sql: `SELECT country, sum(amount), count(*) FROM shop.orders JOIN shop.customers USING (customer_id)
      WHERE status = 'paid' AND country = 'SE' GROUP BY 1`,
  },
  {
    name: 'previous period',
    query: { metrics: [{ name: 'order_count', modifiers: [{ kind: 'previous-period' }] }], ...BY_MONTH },
    sql: `WITH r AS (SELECT date_trunc('month', ordered_at) m, count(*) n FROM shop.orders GROUP BY 1)
      SELECT months.m, r.n FROM ${MONTHS} months JOIN r ON months.m - INTERVAL 1 month = r.m`,
  },
  {
    name: 'percent change against two months ago',
    query: {
      metrics: [{ name: 'revenue', modifiers: [{ kind: 'change', count: 2, grain: 'month', percent: true }] }],
      ...BY_MONTH,
    },
    sql: `WITH r AS (SELECT date_trunc('month', ordered_at) m, sum(amount) n FROM shop.orders GROUP BY 1),
      b AS (SELECT months.m, r.n FROM ${MONTHS} months JOIN r ON months.m - INTERVAL 2 month = r.m)
      SELECT coalesce(r.m, b.m), (r.n - b.n) / b.n FROM r FULL JOIN b ON r.m = b.m`,
  },
  {
    name: 'trailing window',
    query: {
      metrics: [{ name: 'revenue', modifiers: [{ kind: 'trailing', count: 3, grain: 'day' }] }],
      groupBy: ['metric_time__day'],
    },
    sql: `SELECT date_day, sum(amount) FROM shop.days JOIN (${ORDER_DAYS}) o
        ON d <= date_day AND d > date_day - INTERVAL 3 day GROUP BY 1`,
  },
  {
    name: 'share of total',
    query: {
      metrics: [{ name: 'revenue', modifiers: [{ kind: 'share-of-total' }] }],
      groupBy: ['order__status'],
    },
    sql: `SELECT status, sum(amount) / (SELECT sum(amount) FROM shop.orders) FROM shop.orders GROUP BY 1`,
  },
  {
    name: 'share of distinct buyers within each month',
    query: {
      metrics: [{ name: 'buyers', modifiers: [{ kind: 'share-of-total', within: ['metric_time'] }] }],
      groupBy: ['metric_time__month', 'order__status'],
    },
    sql: `WITH t AS (SELECT date_trunc('month', ordered_at) m, count(DISTINCT customer_id) n FROM shop.orders GROUP BY 1),
      s AS (SELECT date_trunc('month', ordered_at) m, status, count(DISTINCT customer_id) n FROM shop.orders GROUP BY 1, 2)
      SELECT s.m, s.status, s.n / nullif(t.n, 0) FROM s JOIN t ON s.m IS NOT DISTINCT FROM t.m`,
  },
]

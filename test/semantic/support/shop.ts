import { load } from 'js-yaml'
import { DiagnosticBag } from '../../../src/core/diagnostic.js'
import type { NodeRelation, SemanticManifest } from '../../../src/manifest/semantic-manifest.js'
import { readModelSemantics, readTopLevelMetric } from '../../../src/parse/new-spec/index.js'

/** A shop in the newer spelling: orders of customers, their visits, daily balances; days with a fiscal month. */
const NEWER = `
models:
  - name: orders
    semantic_model: true
    agg_time_dimension: ordered_at
    columns:
      - {name: order_id, entity: {type: primary, name: order}}
      - {name: customer_id, entity: {type: foreign, name: customer}}
      - {name: ordered_at, granularity: day, dimension: {type: time}}
      - {name: status, dimension: {type: categorical}}
    metrics:
      - {name: revenue, type: simple, agg: sum, expr: amount}
      - {name: order_count, type: simple, agg: count, expr: order_id}
      - {name: buyers, type: simple, agg: count_distinct, expr: customer_id}
      - {name: average_order, type: simple, agg: average, expr: amount}
      - {name: smallest_order, type: simple, agg: min, expr: amount}
      - {name: median_order, type: simple, agg: median, expr: amount}
      - {name: p90_order, type: simple, agg: percentile, expr: amount, percentile: 0.9, percentile_type: continuous}
      - {name: paid_orders, type: simple, agg: sum_boolean, expr: "status = 'paid'"}
      - {name: paid_revenue, type: simple, agg: sum, expr: amount, filter: "{{ Dimension('order__status') }} = 'paid'"}
      - {name: daily_revenue, type: simple, agg: sum, expr: amount, join_to_timespine: true, fill_nulls_with: 0}
  - name: customers
    semantic_model: true
    columns:
      - {name: customer_id, entity: {type: primary, name: customer}}
      - {name: country, dimension: {type: categorical}}
      - {name: signed_up_at, granularity: day, dimension: {type: time}}
  - name: visits
    semantic_model: true
    agg_time_dimension: visited_at
    columns:
      - {name: visit_id, entity: {type: primary, name: visit}}
      - {name: customer_id, entity: {type: foreign, name: customer}}
      - {name: visited_at, granularity: day, dimension: {type: time}}
    metrics:
      - {name: visit_count, type: simple, agg: count, expr: visit_id}
  - name: balances
    semantic_model: true
    agg_time_dimension: balance_date
    primary_entity: balance
    columns:
      - {name: customer_id, entity: {type: foreign, name: customer}}
      - {name: balance_date, granularity: day, dimension: {type: time}}
    metrics:
      - name: closing_balance
        type: simple
        agg: sum
        expr: balance
        non_additive_dimension: {name: balance_date, window_agg: max, group_by: [customer]}
metrics:
  - {name: orders_per_visit, type: ratio, numerator: order_count, denominator: visit_count}
  - {name: average_basket, type: derived, expr: revenue / order_count, input_metrics: [{name: revenue}, {name: order_count}]}
  - name: revenue_growth
    type: derived
    expr: revenue - before
    input_metrics: [{name: revenue}, {name: revenue, alias: before, offset_window: 1 month}]
  - name: since_month_start
    type: derived
    expr: revenue - month_start
    input_metrics: [{name: revenue}, {name: revenue, alias: month_start, offset_to_grain: month}]
  - name: fiscal_month_ago
    type: derived
    expr: before
    input_metrics: [{name: revenue, alias: before, offset_window: 1 fiscal_month}]
  - {name: revenue_7d, type: cumulative, input_metric: revenue, window: 7 days}
  - {name: revenue_mtd, type: cumulative, input_metric: revenue, grain_to_date: month}
  - {name: revenue_ever, type: cumulative, input_metric: revenue, period_agg: last}
  - {name: buyers_7d, type: cumulative, input_metric: buyers, window: 7 days}
  - name: visit_to_order
    type: conversion
    entity: customer
    calculation: conversion_rate
    base_metric: visit_count
    conversion_metric: order_count
    window: 3 days
saved_queries:
  - name: paid_by_country
    query_params:
      metrics: [revenue, order_count]
      group_by: ["Dimension('customer__country')"]
      order_by: ["Metric('revenue').descending(True)"]
      where: {where_filters: [{where_sql_template: "{{ Dimension('order__status') }} = 'paid'"}]}
      limit: 10
`

interface ShopYaml {
  readonly models: readonly Record<string, unknown>[]
  readonly metrics: readonly Record<string, unknown>[]
  readonly saved_queries: SemanticManifest['saved_queries']
}

function relation(name: string): NodeRelation {
  return { alias: name, schema_name: 'shop', database: null, relation_name: `shop.${name}` }
}

const SPINE: SemanticManifest['project_configuration'] = {
  time_spine_table_configurations: [],
  time_spines: [
    {
      node_relation: relation('days'),
      primary_column: { name: 'date_day', time_granularity: 'day' },
      custom_granularities: [{ name: 'fiscal_month' }],
    },
  ],
}

/** The shop as the newer spelling gives it. @throws PlumbError when it cannot be read. */
export function shopManifest(): SemanticManifest {
  const yaml = load(NEWER) as ShopYaml
  const bag = new DiagnosticBag()
  const models = yaml.models.map((entry) => ({ name: String(entry['name']), read: readModelSemantics(entry, bag)! }))
  const metrics = yaml.metrics.map((entry) => readTopLevelMetric(entry, bag)!)
  bag.throwIfErrors()
  return {
    semantic_models: models.map(({ name, read }) => ({ ...read.semanticModel, node_relation: relation(name) })),
    metrics: [...models.flatMap(({ read }) => read.metrics), ...metrics],
    saved_queries: yaml.saved_queries,
    project_configuration: SPINE,
  }
}

const simple = (name: string, measure: object | string = name, more: object = {}) => ({
  name,
  type: 'simple',
  type_params: { measure: typeof measure === 'string' ? { name: measure } : measure },
  ...more,
})
const day = (name: string) => ({ name, type: 'time', type_params: { time_granularity: 'day' } })
const window = (count: number, granularity: string) => ({ count, granularity })
const derived = (name: string, expr: string, metrics: readonly object[]) => ({
  name,
  type: 'derived',
  type_params: { expr, metrics },
})
const cumulative = (name: string, measure: string, cumulative_type_params: object) => ({
  name,
  type: 'cumulative',
  type_params: { measure: { name: measure }, cumulative_type_params },
})

/** The same shop as dbt 1.6 to 1.11 spell it: measures, and metrics over them. */
export function legacyShopManifest(): SemanticManifest {
  const customer = { name: 'customer', type: 'foreign', expr: 'customer_id' }
  const paid = { where_filters: [{ where_sql_template: "{{ Dimension('order__status') }} = 'paid'" }] }
  const manifest = {
    semantic_models: [
      {
        name: 'orders',
        node_relation: relation('orders'),
        defaults: { agg_time_dimension: 'ordered_at' },
        entities: [{ name: 'order', type: 'primary', expr: 'order_id' }, customer],
        dimensions: [day('ordered_at'), { name: 'status', type: 'categorical' }],
        measures: [
          { name: 'revenue', agg: 'sum', expr: 'amount' },
          { name: 'order_count', agg: 'count', expr: 'order_id' },
          { name: 'buyers', agg: 'count_distinct', expr: 'customer_id' },
          { name: 'average_order', agg: 'average', expr: 'amount' },
          { name: 'smallest_order', agg: 'min', expr: 'amount' },
          { name: 'median_order', agg: 'median', expr: 'amount' },
          { name: 'p90_order', agg: 'percentile', expr: 'amount', agg_params: { percentile: 0.9 } },
          { name: 'paid_orders', agg: 'sum_boolean', expr: "status = 'paid'" },
        ],
      },
      {
        name: 'customers',
        node_relation: relation('customers'),
        entities: [{ ...customer, type: 'primary' }],
        dimensions: [{ name: 'country', type: 'categorical' }, day('signed_up_at')],
        measures: [],
      },
      {
        name: 'visits',
        node_relation: relation('visits'),
        defaults: { agg_time_dimension: 'visited_at' },
        entities: [{ name: 'visit', type: 'primary', expr: 'visit_id' }, customer],
        dimensions: [day('visited_at')],
        measures: [{ name: 'visit_count', agg: 'count', expr: 'visit_id', create_metric: true }],
      },
      {
        name: 'balances',
        node_relation: relation('balances'),
        primary_entity: 'balance',
        defaults: { agg_time_dimension: 'balance_date' },
        entities: [customer],
        dimensions: [day('balance_date')],
        measures: [
          {
            name: 'closing_balance',
            agg: 'sum',
            expr: 'balance',
            non_additive_dimension: { name: 'balance_date', window_choice: 'max', window_groupings: ['customer'] },
          },
        ],
      },
    ],
    metrics: [
      ...['revenue', 'order_count', 'buyers', 'average_order', 'smallest_order', 'median_order', 'p90_order'].map((n) =>
        simple(n),
      ),
      simple('paid_orders'),
      simple('closing_balance'),
      simple('paid_revenue', 'revenue', { filter: paid }),
      simple('daily_revenue', { name: 'revenue', join_to_timespine: true, fill_nulls_with: 0 }),
      {
        name: 'orders_per_visit',
        type: 'ratio',
        type_params: { numerator: { name: 'order_count' }, denominator: { name: 'visit_count' } },
      },
      derived('average_basket', 'revenue / order_count', [{ name: 'revenue' }, { name: 'order_count' }]),
      derived('revenue_growth', 'revenue - before', [
        { name: 'revenue' },
        { name: 'revenue', alias: 'before', offset_window: window(1, 'months') },
      ]),
      derived('since_month_start', 'revenue - month_start', [
        { name: 'revenue' },
        { name: 'revenue', alias: 'month_start', offset_to_grain: 'month' },
      ]),
      derived('fiscal_month_ago', 'before', [
        { name: 'revenue', alias: 'before', offset_window: window(1, 'fiscal_month') },
      ]),
      cumulative('revenue_7d', 'revenue', { window: window(7, 'days') }),
      cumulative('revenue_mtd', 'revenue', { grain_to_date: 'month' }),
      cumulative('revenue_ever', 'revenue', { period_agg: 'last' }),
      cumulative('buyers_7d', 'buyers', { window: window(7, 'days') }),
      {
        name: 'visit_to_order',
        type: 'conversion',
        type_params: {
          conversion_type_params: {
            entity: 'customer',
            calculation: 'conversion_rate',
            base_measure: { name: 'visit_count' },
            conversion_measure: { name: 'order_count' },
            window: window(3, 'days'),
          },
        },
      },
    ],
    saved_queries: (load(NEWER) as ShopYaml).saved_queries,
    project_configuration: SPINE,
  }
  return manifest as unknown as SemanticManifest
}

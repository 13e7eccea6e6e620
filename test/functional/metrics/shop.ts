import type { Tree } from '../../support/project.js'

/** A shop with semantic models in the spelling of dbt 1.11. */
export const SHOP: Tree = {
  models: {
    'orders.sql': `select * from (values
      (1, 10, timestamp '2024-01-01 09:30:00', 5.50::decimal(10,2), true),
      (2, 10, timestamp '2024-01-05 00:00:00', 7.25::decimal(10,2), false),
      (3, 11, timestamp '2024-02-05 00:00:00', 1.00::decimal(10,2), null)
    ) t(order_id, customer_id, ordered_at, amount, is_food)`,
    'customers.sql': `select 10 as customer_id, 'Switzerland, CH' as country union all select 11, null`,
    'days.sql': `select range::date as date_day from range(date '2024-01-01', date '2024-04-01', interval 1 day)`,
    'models.yml': `
models:
  - name: days
    time_spine: {standard_granularity_column: date_day}
    columns: [{name: date_day, granularity: day}]
  - name: orders
    columns: [{name: order_id, data_tests: [unique, not_null]}]
`,
    'semantic.yml': `
semantic_models:
  - name: orders
    model: ref('orders')
    defaults: {agg_time_dimension: ordered_at}
    entities:
      - {name: order, type: primary, expr: order_id}
      - {name: customer, type: foreign, expr: customer_id}
    dimensions:
      - {name: ordered_at, type: time, type_params: {time_granularity: day}}
      - {name: is_food, type: categorical}
    measures:
      - {name: amount, agg: sum}
      - {name: order_count, agg: count, expr: '1'}
  - name: customers
    model: ref('customers')
    entities: [{name: customer, type: primary, expr: customer_id}]
    dimensions: [{name: country, type: categorical, label: Country}]
`,
    'metrics.yml': `
metrics:
  - name: revenue
    label: Revenue
    description: What was sold.
    type: simple
    type_params: {measure: amount}
    config: {meta: {owner: sales}}
  - {name: order_count, label: Orders, type: simple, type_params: {measure: order_count}}
  - {name: order_value, label: Order value, type: ratio, type_params: {numerator: revenue, denominator: order_count}}
  - name: revenue_so_far
    label: Revenue so far
    type: cumulative
    type_params: {measure: amount, cumulative_type_params: {grain_to_date: month}}
saved_queries:
  - name: by_country
    description: Where the money comes from.
    query_params: {metrics: [revenue], group_by: ["Dimension('customer__country')"], order_by: ["Metric('revenue').descending(True)"]}
    exports:
      - {name: by_country, config: {export_as: table}}
      - {name: by_country_now, config: {export_as: view, schema: reports, alias: now}}
    config: {meta: {export_files: [out/by_country.csv, out/by_country.parquet, out/by_country.xlsx]}}
`,
  },
}

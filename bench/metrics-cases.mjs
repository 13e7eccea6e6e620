// The shop that metrics.mjs measures: its tables, its metrics, and each question beside its statement by hand.

/** Three years of orders; the other tables in proportion. */
export function tables(orders) {
  const customers = Math.max(1000, Math.round(orders / 10))
  const accounts = Math.max(5, Math.round(orders / 2000))
  return [
    'SELECT setseed(0.42)',
    `CREATE TABLE regions AS SELECT range AS region_id, 'state ' || range AS state FROM range(50)`,
    `CREATE TABLE customers AS SELECT range AS customer_id, (hash(range) % 50)::INTEGER AS region_id,
       ['SE', 'DE', 'US'][1 + (hash(range + 7) % 3)::INTEGER] AS segment, 'C' || (hash(range + 3) % 20) AS country
     FROM range(${customers})`,
    `CREATE TABLE orders AS SELECT range AS order_id, (hash(range) % ${customers})::INTEGER AS customer_id,
       TIMESTAMP '2021-01-01' + INTERVAL ((range * 94608000 // ${orders})) second AS ordered_at,
       (hash(range + 1) % 10000) / 100 AS amount, (hash(range + 2) % 5000) / 100 AS food_amount,
       hash(range + 5) % 10 = 0 AS is_large
     FROM range(${orders})`,
    `CREATE TABLE visits AS SELECT range AS visit_id, (hash(range + 11) % ${customers})::INTEGER AS user_id,
       DATE '2021-01-01' + (hash(range + 13) % 1095)::INTEGER AS visited_at FROM range(${Math.round(orders * 0.3)})`,
    `CREATE TABLE buys AS SELECT range AS buy_id, (hash(range + 17) % ${customers})::INTEGER AS user_id,
       DATE '2021-01-01' + (hash(range + 19) % 1095)::INTEGER AS bought_at FROM range(${Math.round(orders * 0.1)})`,
    `CREATE TABLE balances AS SELECT a.range AS account_id, DATE '2021-01-01' + d.range::INTEGER AS balance_date,
       (hash(a.range * 1095 + d.range) % 100000) / 100 AS balance
     FROM range(${accounts}) a, range(1095) d`,
    `CREATE TABLE days AS SELECT CAST(range AS DATE) AS date_day
     FROM range(TIMESTAMP '2020-12-01', TIMESTAMP '2024-03-01', INTERVAL 1 day)`,
  ]
}

const relation = (name) => ({ alias: name, schema_name: 'main', database: 'shop', relation_name: `shop.main.${name}` })
const day = (name) => ({ name, type: 'time', type_params: { time_granularity: 'day' } })
const category = (name) => ({ name, type: 'categorical' })
const sum = (name, expr = name) => ({ name, agg: 'sum', expr, create_metric: true })
const measure = (name, more = {}) => ({ name, join_to_timespine: false, ...more })
const metric = (name, type, type_params) => ({ name, description: null, type, type_params, filter: null })

export const manifest = {
  semantic_models: [
    {
      name: 'orders',
      node_relation: relation('orders'),
      defaults: { agg_time_dimension: 'ordered_at' },
      entities: [
        { name: 'order', type: 'primary', expr: 'order_id' },
        { name: 'customer', type: 'foreign', expr: 'customer_id' },
      ],
      dimensions: [day('ordered_at'), category('is_large')],
      measures: [
        sum('revenue', 'amount'),
        sum('food_revenue', 'food_amount'),
        sum('order_count', '1'),
        { name: 'buyers', agg: 'count_distinct', expr: 'customer_id', create_metric: true },
      ],
    },
    {
      name: 'customers',
      node_relation: relation('customers'),
      entities: [
        { name: 'customer', type: 'primary', expr: 'customer_id' },
        { name: 'region', type: 'foreign', expr: 'region_id' },
      ],
      dimensions: [category('segment'), category('country')],
      measures: [],
    },
    {
      name: 'regions',
      node_relation: relation('regions'),
      entities: [{ name: 'region', type: 'primary', expr: 'region_id' }],
      dimensions: [category('state')],
      measures: [],
    },
    {
      name: 'visits',
      node_relation: relation('visits'),
      defaults: { agg_time_dimension: 'visited_at' },
      entities: [
        { name: 'visit', type: 'primary', expr: 'visit_id' },
        { name: 'user', type: 'foreign', expr: 'user_id' },
      ],
      dimensions: [day('visited_at')],
      measures: [sum('visit_count', '1')],
    },
    {
      name: 'buys',
      node_relation: relation('buys'),
      defaults: { agg_time_dimension: 'bought_at' },
      entities: [
        { name: 'buy', type: 'primary', expr: 'buy_id' },
        { name: 'user', type: 'foreign', expr: 'user_id' },
      ],
      dimensions: [day('bought_at')],
      measures: [sum('buy_count', '1')],
    },
    {
      name: 'balances',
      node_relation: relation('balances'),
      primary_entity: 'balance',
      defaults: { agg_time_dimension: 'balance_date' },
      entities: [{ name: 'account', type: 'foreign', expr: 'account_id' }],
      dimensions: [day('balance_date')],
      measures: [
        {
          ...sum('closing_balance', 'balance'),
          non_additive_dimension: { name: 'balance_date', window_choice: 'max', window_groupings: [] },
        },
      ],
    },
  ],
  metrics: [
    metric('food_share', 'ratio', { numerator: { name: 'food_revenue' }, denominator: { name: 'revenue' } }),
    metric('large_share', 'ratio', {
      numerator: {
        name: 'revenue',
        alias: 'large_revenue',
        filter: { where_filters: [{ where_sql_template: "{{ Dimension('order__is_large') }}" }] },
      },
      denominator: { name: 'revenue' },
    }),
    metric('orders_per_visit', 'ratio', { numerator: { name: 'order_count' }, denominator: { name: 'visit_count' } }),
    metric('revenue_mom', 'derived', {
      expr: 'revenue - before',
      metrics: [
        { name: 'revenue' },
        { name: 'revenue', alias: 'before', offset_window: { count: 1, granularity: 'month' } },
      ],
    }),
    metric('conversion_7d', 'conversion', {
      conversion_type_params: {
        entity: 'user',
        calculation: 'conversion_rate',
        base_measure: measure('visit_count'),
        conversion_measure: measure('buy_count'),
        window: { count: 7, granularity: 'day' },
      },
    }),
    metric('revenue_7d', 'cumulative', {
      measure: measure('revenue'),
      cumulative_type_params: { window: { count: 7, granularity: 'day' }, period_agg: 'first' },
    }),
    metric('revenue_mtd', 'cumulative', {
      measure: measure('revenue'),
      cumulative_type_params: { grain_to_date: 'month', period_agg: 'first' },
    }),
    metric('buyers_28d', 'cumulative', {
      measure: measure('buyers'),
      cumulative_type_params: { window: { count: 28, granularity: 'day' }, period_agg: 'first' },
    }),
    metric('revenue_ever', 'cumulative', {
      measure: measure('revenue'),
      cumulative_type_params: { period_agg: 'first' },
    }),
  ],
  saved_queries: [],
  project_configuration: {
    time_spine_table_configurations: [],
    time_spines: [
      {
        node_relation: relation('days'),
        primary_column: { name: 'date_day', time_granularity: 'day' },
        custom_granularities: [],
      },
    ],
  },
}

const DAILY = "SELECT date_trunc('day', ordered_at) AS d, sum(amount) AS v FROM orders GROUP BY 1"
const MONTH = "date_trunc('month', ordered_at)"

export const CASES = [
  {
    name: 'simple_month',
    query: { metrics: ['revenue'], group_by: ['metric_time__month'] },
    sql: `SELECT ${MONTH}, sum(amount) FROM orders GROUP BY 1`,
  },
  {
    name: 'ratio_same_fact_join_dim',
    query: { metrics: ['food_share'], group_by: ['metric_time__month', 'customer__segment'] },
    sql: `SELECT ${MONTH}, segment, sum(food_amount) / sum(amount) FROM orders LEFT JOIN customers USING (customer_id) GROUP BY 1, 2`,
  },
  {
    name: 'filtered_ratio_same_fact',
    query: { metrics: ['large_share'], group_by: ['metric_time__month'] },
    sql: `SELECT ${MONTH}, sum(amount) FILTER (WHERE is_large) / sum(amount) FROM orders GROUP BY 1`,
  },
  {
    name: 'ratio_two_facts_day',
    query: { metrics: ['orders_per_visit'], group_by: ['metric_time__day'] },
    sql: `WITH o AS (SELECT date_trunc('day', ordered_at) d, count(*) n FROM orders GROUP BY 1),
      v AS (SELECT visited_at::TIMESTAMP d, count(*) n FROM visits GROUP BY 1)
      SELECT coalesce(o.d, v.d), o.n / v.n FROM o FULL JOIN v ON o.d = v.d`,
  },
  {
    name: 'multi_hop_2',
    query: { metrics: ['revenue'], group_by: ['customer__region__state'] },
    sql: `SELECT state, sum(amount) FROM orders LEFT JOIN customers USING (customer_id) LEFT JOIN regions USING (region_id) GROUP BY 1`,
  },
  {
    name: 'count_distinct_month',
    query: { metrics: ['buyers'], group_by: ['metric_time__month'] },
    sql: `SELECT ${MONTH}, count(DISTINCT customer_id) FROM orders GROUP BY 1`,
  },
  {
    name: 'semi_additive_last_month',
    query: { metrics: ['closing_balance'], group_by: ['metric_time__month'] },
    sql: `SELECT date_trunc('month', balance_date), sum(balance) FROM balances
      WHERE balance_date IN (SELECT max(balance_date) FROM balances GROUP BY date_trunc('month', balance_date)) GROUP BY 1`,
  },
  {
    name: 'derived_offset_mom',
    query: { metrics: ['revenue_mom'], group_by: ['metric_time__month'] },
    sql: `WITH r AS (SELECT ${MONTH} m, sum(amount) v FROM orders GROUP BY 1),
      p AS (SELECT m + INTERVAL 1 month m, v FROM r)
      SELECT coalesce(r.m, p.m), r.v - p.v FROM r FULL JOIN p ON r.m = p.m`,
  },
  {
    name: 'filter_pushdown_country',
    query: {
      metrics: ['revenue'],
      group_by: ['metric_time__month'],
      where: ["{{ Dimension('customer__country') }} = 'C7'"],
    },
    sql: `SELECT ${MONTH}, sum(amount) FROM orders JOIN customers USING (customer_id) WHERE country = 'C7' GROUP BY 1`,
  },
  {
    name: 'conversion_7d_month',
    query: { metrics: ['conversion_7d'], group_by: ['metric_time__month'] },
    sql: `WITH v AS (SELECT date_trunc('month', visited_at) m, count(*) n FROM visits GROUP BY 1),
      c AS (SELECT max(visited_at) AS visited_at FROM buys JOIN visits USING (user_id)
        WHERE visited_at <= bought_at AND visited_at > bought_at - 7 GROUP BY buy_id),
      b AS (SELECT date_trunc('month', visited_at) m, count(*) n FROM c GROUP BY 1)
      SELECT coalesce(v.m, b.m), b.n / v.n FROM v FULL JOIN b ON v.m = b.m`,
  },
  {
    name: 'cumulative_7d_sum',
    query: { metrics: ['revenue_7d'], group_by: ['metric_time__day'] },
    sql: `WITH r AS (${DAILY}) SELECT date_day, sum(v) FROM days JOIN r ON d <= date_day AND d > date_day - INTERVAL 7 day GROUP BY 1`,
  },
  {
    name: 'cumulative_mtd',
    query: { metrics: ['revenue_mtd'], group_by: ['metric_time__day'] },
    sql: `WITH r AS (${DAILY}) SELECT date_day, sum(v) FROM days JOIN r ON d <= date_day AND d >= date_trunc('month', date_day) GROUP BY 1`,
  },
  {
    name: 'cumulative_28d_distinct_2021Q1',
    query: {
      metrics: ['buyers_28d'],
      group_by: ['metric_time__day'],
      time_constraint: ['2021-01-01', '2021-03-31'],
    },
    sql: `SELECT date_day, count(DISTINCT customer_id) FROM days
      JOIN (SELECT DISTINCT date_trunc('day', ordered_at) d, customer_id FROM orders WHERE ordered_at < '2021-04-01')
        ON d <= date_day AND d > date_day - INTERVAL 28 day
      WHERE date_day BETWEEN '2021-01-01' AND '2021-03-31' GROUP BY 1`,
  },
  {
    name: 'cumulative_all_time_month',
    query: { metrics: ['revenue_ever'], group_by: ['metric_time__month'] },
    sql: `WITH r AS (${DAILY}),
      s AS (SELECT date_day, max(t) AS total FROM days JOIN (SELECT d, sum(v) OVER (ORDER BY d) AS t FROM r) ON d <= date_day GROUP BY 1)
      SELECT date_trunc('month', date_day), min_by(total, date_day) FROM s GROUP BY 1`,
  },
]

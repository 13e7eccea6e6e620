-- sum by month
SELECT
  DATE_TRUNC('month', orders.ordered_at) AS metric_time__month,
  SUM(orders.amount) AS revenue
FROM shop.orders AS orders
GROUP BY 1

-- every aggregation at once
SELECT
  orders.status AS order__status,
  SUM(orders.amount) AS revenue,
  COUNT(orders.order_id) AS order_count,
  COUNT(DISTINCT orders.customer_id) AS buyers,
  AVG(orders.amount) AS average_order,
  MIN(orders.amount) AS smallest_order,
  SUM(CASE WHEN orders.status = 'paid' THEN 1 ELSE 0 END) AS paid_orders
FROM shop.orders AS orders
GROUP BY 1

-- percentiles
SELECT
  PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY orders.amount) AS median_order,
  PERCENTILE_CONT(0.9) WITHIN GROUP (ORDER BY orders.amount) AS p90_order
FROM shop.orders AS orders

-- dimension of another model
SELECT
  customers.country AS customer__country,
  SUM(orders.amount) AS revenue
FROM shop.orders AS orders
LEFT OUTER JOIN shop.customers AS customers
  ON orders.customer_id = customers.customer_id
GROUP BY 1

-- filters on both sides of a join
SELECT
  SUM(orders.amount) AS revenue
FROM shop.orders AS orders
LEFT OUTER JOIN shop.customers AS customers
  ON orders.customer_id = customers.customer_id
WHERE customers.country = 'SE'
  AND DATE_TRUNC('month', orders.ordered_at) < '2024-02-01'

-- filter that excludes
SELECT
  SUM(CASE WHEN orders.order_id IS NOT NULL THEN 1 ELSE 0 END) AS order_count
FROM shop.orders AS orders
LEFT OUTER JOIN shop.customers AS customers
  ON orders.customer_id = customers.customer_id
WHERE DATE_TRUNC('month', customers.signed_up_at) <> '2024-01-02'

-- filter by another metric
SELECT
  SUM(orders.amount) AS revenue
FROM shop.orders AS orders
LEFT OUTER JOIN (
  SELECT
    visits.customer_id AS customer,
    COUNT(visits.visit_id) AS visit_count
  FROM shop.visits AS visits
  GROUP BY 1
) AS visit_count_by_customer
  ON orders.customer_id = visit_count_by_customer.customer
WHERE visit_count_by_customer.visit_count > 1

-- metric with a filter beside one without
SELECT
  DATE_TRUNC('month', orders.ordered_at) AS metric_time__month,
  SUM(orders.amount) AS revenue,
  SUM(orders.amount) FILTER (WHERE orders.status = 'paid') AS paid_revenue
FROM shop.orders AS orders
GROUP BY 1

-- parts of a date
SELECT
  EXTRACT(ISODOW FROM orders.ordered_at) AS metric_time__extract_dow,
  COUNT(orders.order_id) AS order_count
FROM shop.orders AS orders
GROUP BY 1

-- custom calendar
SELECT
  time_spine.fiscal_month AS metric_time__fiscal_month,
  SUM(orders.amount) AS revenue
FROM shop.orders AS orders
LEFT OUTER JOIN shop.days AS time_spine
  ON DATE_TRUNC('day', orders.ordered_at) = time_spine.date_day
GROUP BY 1

-- time range in whole months
SELECT
  DATE_TRUNC('month', orders.ordered_at) AS metric_time__month,
  SUM(orders.amount) AS revenue
FROM shop.orders AS orders
WHERE orders.ordered_at >= '2024-01-01'
  AND orders.ordered_at < '2024-03-01'
GROUP BY 1

-- a row for each day
SELECT
  time_spine.date_day AS metric_time__day,
  COALESCE(daily_revenue_by_day.daily_revenue, 0) AS daily_revenue
FROM shop.days AS time_spine
LEFT OUTER JOIN (
  SELECT
    DATE_TRUNC('day', orders.ordered_at) AS metric_time__day,
    SUM(orders.amount) AS daily_revenue
  FROM shop.orders AS orders
  WHERE orders.ordered_at >= '2024-01-01'
    AND orders.ordered_at < '2024-01-06'
  GROUP BY 1
) AS daily_revenue_by_day
  ON time_spine.date_day = daily_revenue_by_day.metric_time__day
WHERE time_spine.date_day >= '2024-01-01'
  AND time_spine.date_day < '2024-01-06'

-- ratio of two models
SELECT
  COALESCE(order_count.metric_time__month, visit_count.metric_time__month) AS metric_time__month,
  CAST(MAX(order_count.order_count) AS DOUBLE PRECISION) / CAST(NULLIF(MAX(visit_count.visit_count), 0) AS DOUBLE PRECISION) AS orders_per_visit
FROM (
  SELECT
    DATE_TRUNC('month', orders.ordered_at) AS metric_time__month,
    COUNT(orders.order_id) AS order_count
  FROM shop.orders AS orders
  GROUP BY 1
) AS order_count
FULL OUTER JOIN (
  SELECT
    DATE_TRUNC('month', visits.visited_at) AS metric_time__month,
    COUNT(visits.visit_id) AS visit_count
  FROM shop.visits AS visits
  GROUP BY 1
) AS visit_count
  ON order_count.metric_time__month = visit_count.metric_time__month
GROUP BY 1

-- derived from one scan
SELECT
  DATE_TRUNC('month', orders.ordered_at) AS metric_time__month,
  SUM(orders.amount) / CAST(COUNT(orders.order_id) AS DOUBLE PRECISION) AS average_basket
FROM shop.orders AS orders
GROUP BY 1

-- growth against a month ago
WITH revenue_by_month AS (
  SELECT
    DATE_TRUNC('month', orders.ordered_at) AS metric_time__month,
    SUM(orders.amount) AS revenue
  FROM shop.orders AS orders
  GROUP BY 1
)
SELECT
  COALESCE(revenue_by_month.metric_time__month, revenue.metric_time__month) AS metric_time__month,
  MAX(revenue_by_month.revenue) - MAX(revenue.revenue) AS revenue_growth
FROM revenue_by_month
FULL OUTER JOIN (
  SELECT
    time_spine.metric_time__month,
    revenue_by_month.revenue
  FROM (
    SELECT DISTINCT
      DATE_TRUNC('month', time_spine.date_day) AS metric_time__month
    FROM shop.days AS time_spine
  ) AS time_spine
  INNER JOIN revenue_by_month
    ON (time_spine.metric_time__month - INTERVAL '1 month') = revenue_by_month.metric_time__month
) AS revenue
  ON revenue_by_month.metric_time__month = revenue.metric_time__month
GROUP BY 1

-- since the start of the month
WITH revenue_by_day AS (
  SELECT
    DATE_TRUNC('day', orders.ordered_at) AS metric_time__day,
    SUM(orders.amount) AS revenue
  FROM shop.orders AS orders
  GROUP BY 1
)
SELECT
  COALESCE(revenue_by_day.metric_time__day, revenue.metric_time__day) AS metric_time__day,
  MAX(revenue_by_day.revenue) - MAX(revenue.revenue) AS since_month_start
FROM revenue_by_day
FULL OUTER JOIN (
  SELECT
    time_spine.date_day AS metric_time__day,
    revenue_by_day.revenue
  FROM shop.days AS time_spine
  INNER JOIN revenue_by_day
    ON DATE_TRUNC('month', time_spine.date_day) = revenue_by_day.metric_time__day
) AS revenue
  ON revenue_by_day.metric_time__day = revenue.metric_time__day
GROUP BY 1

-- offset by a custom period
SELECT
  periods.moved AS metric_time__fiscal_month,
  SUM(revenue_by_day.revenue) AS fiscal_month_ago
FROM shop.days AS time_spine
INNER JOIN (
  SELECT
    time_spine.fiscal_month,
    LEAD(time_spine.fiscal_month, 1) OVER (ORDER BY time_spine.fiscal_month) AS moved
  FROM shop.days AS time_spine
  GROUP BY 1
) AS periods
  ON time_spine.fiscal_month = periods.fiscal_month
INNER JOIN (
  SELECT
    DATE_TRUNC('day', orders.ordered_at) AS metric_time__day,
    SUM(orders.amount) AS revenue
  FROM shop.orders AS orders
  GROUP BY 1
) AS revenue_by_day
  ON time_spine.date_day = revenue_by_day.metric_time__day
GROUP BY 1

-- sum of the last seven days
SELECT
  time_spine.date_day AS metric_time__day,
  SUM(revenue_by_day.revenue) AS revenue_7d
FROM shop.days AS time_spine
INNER JOIN (
  SELECT
    DATE_TRUNC('day', orders.ordered_at) AS metric_time__day,
    SUM(orders.amount) AS revenue
  FROM shop.orders AS orders
  WHERE orders.ordered_at >= '2023-12-25'
    AND orders.ordered_at < '2024-02-11'
  GROUP BY 1
) AS revenue_by_day
  ON revenue_by_day.metric_time__day <= time_spine.date_day
    AND revenue_by_day.metric_time__day > (time_spine.date_day - INTERVAL '7 day')
WHERE time_spine.date_day >= '2024-01-01'
  AND time_spine.date_day < '2024-02-11'
GROUP BY 1

-- month to date
SELECT
  time_spine.date_day AS metric_time__day,
  revenue_so_far.revenue AS revenue_mtd
FROM shop.days AS time_spine
INNER JOIN (
  SELECT
    SUM(revenue.revenue) OVER (PARTITION BY DATE_TRUNC('month', revenue.metric_time__day) ORDER BY revenue.metric_time__day ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS revenue,
    revenue.metric_time__day AS holds_from,
    COALESCE(LEAD(revenue.metric_time__day) OVER (PARTITION BY DATE_TRUNC('month', revenue.metric_time__day) ORDER BY revenue.metric_time__day), DATE_TRUNC('month', revenue.metric_time__day) + INTERVAL '1 month') AS holds_until
  FROM (
    SELECT
      DATE_TRUNC('day', orders.ordered_at) AS metric_time__day,
      SUM(orders.amount) AS revenue
    FROM shop.orders AS orders
    GROUP BY 1
  ) AS revenue
  WHERE revenue.metric_time__day IS NOT NULL
) AS revenue_so_far
  ON time_spine.date_day >= revenue_so_far.holds_from
    AND time_spine.date_day < revenue_so_far.holds_until

-- all time, at the end of each month
SELECT
  revenue_ever.metric_time__month,
  revenue_ever.revenue_ever
FROM (
  SELECT
    revenue_ever.metric_time__month,
    revenue_ever.revenue_ever,
    ROW_NUMBER() OVER (PARTITION BY revenue_ever.metric_time__month ORDER BY revenue_ever.metric_time__day DESC) AS place_in_period
  FROM (
    SELECT
      DATE_TRUNC('month', time_spine.date_day) AS metric_time__month,
      revenue_so_far.revenue AS revenue_ever,
      time_spine.date_day AS metric_time__day
    FROM shop.days AS time_spine
    INNER JOIN (
      SELECT
        SUM(revenue.revenue) OVER (ORDER BY revenue.metric_time__day ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS revenue,
        revenue.metric_time__day AS holds_from,
        COALESCE(LEAD(revenue.metric_time__day) OVER (ORDER BY revenue.metric_time__day), CAST('9999-12-31' AS TIMESTAMP)) AS holds_until
      FROM (
        SELECT
          DATE_TRUNC('day', orders.ordered_at) AS metric_time__day,
          SUM(orders.amount) AS revenue
        FROM shop.orders AS orders
        GROUP BY 1
      ) AS revenue
      WHERE revenue.metric_time__day IS NOT NULL
    ) AS revenue_so_far
      ON time_spine.date_day >= revenue_so_far.holds_from
        AND time_spine.date_day < revenue_so_far.holds_until
  ) AS revenue_ever
) AS revenue_ever
WHERE revenue_ever.place_in_period = 1

-- different buyers of the last seven days
SELECT
  time_spine.date_day AS metric_time__day,
  COUNT(DISTINCT orders.customer_id) AS buyers_7d
FROM shop.days AS time_spine
INNER JOIN shop.orders AS orders
  ON DATE_TRUNC('day', orders.ordered_at) <= time_spine.date_day
    AND DATE_TRUNC('day', orders.ordered_at) > (time_spine.date_day - INTERVAL '7 day')
GROUP BY 1

-- conversions within three days
SELECT
  COALESCE(visit_count.customer__country, order_count.customer__country) AS customer__country,
  CAST(MAX(order_count.order_count) AS DOUBLE PRECISION) / CAST(NULLIF(MAX(visit_count.visit_count), 0) AS DOUBLE PRECISION) AS visit_to_order
FROM (
  SELECT
    customers.country AS customer__country,
    COUNT(visits.visit_id) AS visit_count
  FROM shop.visits AS visits
  LEFT OUTER JOIN shop.customers AS customers
    ON visits.customer_id = customers.customer_id
  GROUP BY 1
) AS visit_count
FULL OUTER JOIN (
  SELECT
    conversions.customer__country,
    SUM(conversions.order_count) AS order_count
  FROM (
    SELECT
      customers.country AS customer__country,
      orders.order_count,
      ROW_NUMBER() OVER (PARTITION BY orders.conversion_number ORDER BY DATE_TRUNC('day', visits.visited_at) DESC, customers.country) AS opportunity_rank
    FROM shop.visits AS visits
    LEFT OUTER JOIN shop.customers AS customers
      ON visits.customer_id = customers.customer_id
    INNER JOIN (
      SELECT
        orders.customer_id AS customer,
        CAST(orders.ordered_at AS DATE) AS metric_time__day,
        CASE WHEN orders.order_id IS NOT NULL THEN 1 ELSE 0 END AS order_count,
        ROW_NUMBER() OVER () AS conversion_number
      FROM shop.orders AS orders
    ) AS orders
      ON visits.customer_id = orders.customer
        AND CAST(visits.visited_at AS DATE) <= orders.metric_time__day
        AND CAST(visits.visited_at AS DATE) > (orders.metric_time__day - 3)
  ) AS conversions
  WHERE conversions.opportunity_rank = 1
  GROUP BY 1
) AS order_count
  ON visit_count.customer__country = order_count.customer__country
GROUP BY 1

-- last balance of each customer
SELECT
  SUM(balances.balance) AS closing_balance
FROM shop.balances AS balances
INNER JOIN (
  SELECT
    balances.customer_id AS customer,
    CAST(MAX(balances.balance_date) AS DATE) AS balance_date__day__max
  FROM shop.balances AS balances
  GROUP BY 1
) AS last_rows
  ON CAST(balances.balance_date AS DATE) = last_rows.balance_date__day__max
    AND balances.customer_id = last_rows.customer

-- values of a dimension
SELECT DISTINCT
  customers.country AS customer__country
FROM shop.customers AS customers
WHERE customers.country IS NOT NULL

-- first and last time
SELECT
  MIN(DATE_TRUNC('day', orders.ordered_at)) AS order__ordered_at__day__min,
  MAX(DATE_TRUNC('day', orders.ordered_at)) AS order__ordered_at__day__max
FROM shop.orders AS orders

-- aliases, order and limit
SELECT
  customers.country AS land,
  SUM(orders.amount) AS money
FROM shop.orders AS orders
LEFT OUTER JOIN shop.customers AS customers
  ON orders.customer_id = customers.customer_id
WHERE customers.country IS NOT NULL
GROUP BY 1
ORDER BY money DESC
LIMIT 1

-- saved query with another filter
SELECT
  customers.country AS customer__country,
  SUM(orders.amount) AS revenue,
  COUNT(orders.order_id) AS order_count
FROM shop.orders AS orders
LEFT OUTER JOIN shop.customers AS customers
  ON orders.customer_id = customers.customer_id
WHERE orders.status = 'paid'
  AND customers.country = 'SE'
GROUP BY 1
ORDER BY revenue DESC
LIMIT 10

-- previous period
SELECT
  time_spine.metric_time__month,
  order_count_by_month.order_count AS order_count__previous_month
FROM (
  SELECT DISTINCT
    DATE_TRUNC('month', time_spine.date_day) AS metric_time__month
  FROM shop.days AS time_spine
) AS time_spine
INNER JOIN (
  SELECT
    DATE_TRUNC('month', orders.ordered_at) AS metric_time__month,
    COUNT(orders.order_id) AS order_count
  FROM shop.orders AS orders
  GROUP BY 1
) AS order_count_by_month
  ON (time_spine.metric_time__month - INTERVAL '1 month') = order_count_by_month.metric_time__month

-- percent change against two months ago
WITH revenue_by_month AS (
  SELECT
    DATE_TRUNC('month', orders.ordered_at) AS metric_time__month,
    SUM(orders.amount) AS revenue
  FROM shop.orders AS orders
  GROUP BY 1
)
SELECT
  COALESCE(revenue_by_month.metric_time__month, revenue.metric_time__month) AS metric_time__month,
  (CAST(MAX(revenue_by_month.revenue) AS DOUBLE PRECISION) - CAST(MAX(revenue.revenue) AS DOUBLE PRECISION)) * 1.0 / NULLIF(CAST(MAX(revenue.revenue) AS DOUBLE PRECISION), 0) AS revenue__percent_change_2_months
FROM revenue_by_month
FULL OUTER JOIN (
  SELECT
    time_spine.metric_time__month,
    revenue_by_month.revenue
  FROM (
    SELECT DISTINCT
      DATE_TRUNC('month', time_spine.date_day) AS metric_time__month
    FROM shop.days AS time_spine
  ) AS time_spine
  INNER JOIN revenue_by_month
    ON (time_spine.metric_time__month - INTERVAL '2 month') = revenue_by_month.metric_time__month
) AS revenue
  ON revenue_by_month.metric_time__month = revenue.metric_time__month
GROUP BY 1

-- trailing window
SELECT
  time_spine.date_day AS metric_time__day,
  SUM(revenue_by_day.revenue) AS revenue__trailing_3_days
FROM shop.days AS time_spine
INNER JOIN (
  SELECT
    DATE_TRUNC('day', orders.ordered_at) AS metric_time__day,
    SUM(orders.amount) AS revenue
  FROM shop.orders AS orders
  GROUP BY 1
) AS revenue_by_day
  ON revenue_by_day.metric_time__day <= time_spine.date_day
    AND revenue_by_day.metric_time__day > (time_spine.date_day - INTERVAL '3 day')
GROUP BY 1

-- share of total
SELECT
  revenue.order__status,
  CAST(revenue.revenue AS DOUBLE PRECISION) / CAST(NULLIF(SUM(revenue.revenue) OVER (), 0) AS DOUBLE PRECISION) AS revenue__share
FROM (
  SELECT
    orders.status AS order__status,
    SUM(orders.amount) AS revenue
  FROM shop.orders AS orders
  GROUP BY 1
) AS revenue

-- share of distinct buyers within each month
SELECT
  parts.metric_time__month,
  parts.order__status,
  CAST(parts.buyers AS DOUBLE PRECISION) / CAST(NULLIF(buyers_total.buyers, 0) AS DOUBLE PRECISION) AS buyers__share_of_metric_time__month
FROM (
  SELECT
    DATE_TRUNC('month', orders.ordered_at) AS metric_time__month,
    orders.status AS order__status,
    COUNT(DISTINCT orders.customer_id) AS buyers
  FROM shop.orders AS orders
  GROUP BY 1, 2
) AS parts
LEFT OUTER JOIN (
  SELECT
    DATE_TRUNC('month', orders.ordered_at) AS metric_time__month,
    COUNT(DISTINCT orders.customer_id) AS buyers
  FROM shop.orders AS orders
  GROUP BY 1
) AS buyers_total
  ON ((parts.metric_time__month = buyers_total.metric_time__month) OR (parts.metric_time__month IS NULL AND buyers_total.metric_time__month IS NULL))

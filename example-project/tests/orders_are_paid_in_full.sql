-- A completed order's payments add up to what it cost.
{{ config(severity='warn', warn_if='> 10') }}

select
    order_id,
    gross_revenue,
    paid_amount
from {{ ref('fct_orders') }}
where order_status = 'completed'
    and abs(gross_revenue - paid_amount) > 0.01

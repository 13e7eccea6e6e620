-- The daily table and the orders it is made from must tell the same revenue.
select
    days.net_revenue as from_days,
    orders.net_revenue as from_orders
from (select sum(net_revenue) as net_revenue from {{ ref('daily_activity') }}) as days
cross join (select sum(net_revenue) as net_revenue from {{ ref('fct_orders') }}) as orders
where days.net_revenue <> orders.net_revenue

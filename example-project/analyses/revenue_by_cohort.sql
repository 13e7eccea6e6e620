-- Net revenue by the month users signed up in, and months since.
select
    cast({{ dbt.date_trunc('month', 'users.signed_up_at') }} as date) as cohort,
    {{ dbt.datediff('users.signed_up_at', 'orders.ordered_at', 'month') }} as months_since,
    count(distinct orders.user_id) as buyers,
    sum(orders.net_revenue) as net_revenue
from {{ ref('fct_orders') }} as orders
inner join {{ ref('user_summary') }} as users on users.user_id = orders.user_id
group by 1, 2
order by 1, 2

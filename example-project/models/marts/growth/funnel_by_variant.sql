select
    sessions.checkout_variant,
    count(*) as sessions,
    count(case when sessions.viewed_product then 1 end) as viewed_product,
    count(case when sessions.added_to_cart then 1 end) as added_to_cart,
    count(case when sessions.started_checkout then 1 end) as started_checkout,
    count(orders.order_id) as ordered,
    {{ share('count(orders.order_id)', 'count(case when sessions.started_checkout then 1 end)') }} as checkout_completion
from {{ ref('fct_sessions') }} as sessions
left join {{ ref('fct_orders') }} as orders on orders.session_id = sessions.session_id
where sessions.checkout_variant is not null
group by sessions.checkout_variant

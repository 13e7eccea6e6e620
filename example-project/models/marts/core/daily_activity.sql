with sessions as (

    select
        cast(started_at as date) as activity_date,
        count(*) as sessions,
        count(distinct user_id) as active_users,
        count(case when added_to_cart then 1 end) as carts
    from {{ ref('fct_sessions') }}
    group by 1

),

orders as (

    select
        cast(ordered_at as date) as activity_date,
        count(*) as orders,
        count(case when order_number = 1 then 1 end) as first_orders,
        sum(net_revenue) as net_revenue
    from {{ ref('fct_orders') }}
    group by 1

)

select
    days.date_day as activity_date,
    coalesce(sessions.sessions, 0) as sessions,
    coalesce(sessions.active_users, 0) as active_users,
    coalesce(sessions.carts, 0) as carts,
    coalesce(orders.orders, 0) as orders,
    coalesce(orders.first_orders, 0) as first_orders,
    coalesce(orders.net_revenue, 0) as net_revenue,
    {{ share('coalesce(orders.orders, 0)', 'sessions.sessions') }} as conversion_rate
from {{ ref('time_spine_daily') }} as days
left join sessions on sessions.activity_date = days.date_day
left join orders on orders.activity_date = days.date_day
where days.date_day < cast('{{ var("as_of_date") }}' as date)

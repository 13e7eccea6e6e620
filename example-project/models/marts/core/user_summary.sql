with orders as (

    select
        user_id,
        count(*) as order_count,
        sum(net_revenue) as net_revenue,
        min(ordered_at) as first_ordered_at,
        max(ordered_at) as last_ordered_at
    from {{ ref('fct_orders') }}
    group by user_id

),

sessions as (

    select
        user_id,
        count(*) as session_count,
        max(started_at) as last_seen_at
    from {{ ref('fct_sessions') }}
    group by user_id

),

tickets as (

    select
        user_id,
        count(*) as ticket_count
    from {{ ref('stg_crm__tickets') }}
    group by user_id

)

select
    users.user_id,
    users.client_id,
    users.country_code,
    countries.region,
    users.acquisition_channel,
    first_touch.first_campaign,
    users.signed_up_at,
    sessions.last_seen_at,
    orders.first_ordered_at,
    orders.last_ordered_at,
    coalesce(sessions.session_count, 0) as session_count,
    coalesce(orders.order_count, 0) as order_count,
    coalesce(orders.net_revenue, 0) as net_revenue,
    coalesce(tickets.ticket_count, 0) as ticket_count,
    case
        when orders.net_revenue >= 1500 then 'vip'
        when orders.order_count >= 2 then 'regular'
        when orders.order_count = 1 then 'new'
        else 'prospect'
    end as tier,
    orders.last_ordered_at is not null
        and {{ days_before_as_of('orders.last_ordered_at') }} > {{ var('churn_after_days') }} as has_churned
from {{ ref('stg_shop__users') }} as users
left join {{ ref('countries') }} as countries on countries.country_code = users.country_code
left join {{ ref('int_users__first_touch') }} as first_touch on first_touch.user_id = users.user_id
left join orders on orders.user_id = users.user_id
left join sessions on sessions.user_id = users.user_id
left join tickets on tickets.user_id = users.user_id

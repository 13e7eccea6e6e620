select
    clients.client_id,
    clients.client_name,
    clients.industry,
    clients.country_code,
    clients.plan,
    clients.account_manager,
    clients.signed_at,
    count(users.user_id) as user_count,
    count(case when users.order_count > 0 then 1 end) as buying_user_count,
    coalesce(sum(users.order_count), 0) as order_count,
    coalesce(sum(users.net_revenue), 0) as net_revenue,
    coalesce(sum(users.ticket_count), 0) as ticket_count,
    max(users.last_ordered_at) as last_ordered_at
from {{ ref('stg_shop__clients') }} as clients
left join {{ ref('user_summary') }} as users on users.client_id = clients.client_id
group by all

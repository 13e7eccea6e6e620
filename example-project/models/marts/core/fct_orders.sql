select
    orders.*,
    users.client_id,
    users.country_code,
    coalesce(payments.paid_amount, 0) as paid_amount,
    {{ dbt.datediff('orders.ordered_at', 'payments.first_paid_at', 'minute') }} as minutes_to_payment,
    row_number() over (partition by orders.user_id order by orders.ordered_at, orders.order_id) as order_number
from {{ ref('int_orders__priced') }} as orders
inner join {{ ref('stg_shop__users') }} as users on users.user_id = orders.user_id
left join {{ ref('int_payments__by_order') }} as payments on payments.order_id = orders.order_id

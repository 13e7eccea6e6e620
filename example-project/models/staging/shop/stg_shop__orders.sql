select
    order_id,
    user_id,
    session_id,
    status as order_status,
    cast(ordered_at as timestamp) as ordered_at,
    cast(updated_at as timestamp) as updated_at,
    discount_code,
    shipping_cents
from {{ source('shop', 'orders') }}

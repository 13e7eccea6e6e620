select
    payment_id,
    order_id,
    method as payment_method,
    status as payment_status,
    {{ cents_to_amount('amount_cents') }} as amount,
    cast(paid_at as timestamp) as paid_at
from {{ source('shop', 'payments') }}

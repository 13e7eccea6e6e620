select
    order_item_id,
    order_id,
    product_id,
    quantity,
    unit_price_cents,
    discount_cents,
    unit_price_cents * quantity - discount_cents as item_total_cents
from {{ source('shop', 'order_items') }}

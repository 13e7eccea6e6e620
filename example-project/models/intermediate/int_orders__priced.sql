with items as (

    select
        order_id,
        sum(quantity) as units,
        sum(item_total_cents) as items_cents,
        sum(discount_cents) as discount_cents,
        sum(quantity * products.unit_cost_cents) as cost_cents
    from {{ ref('stg_shop__order_items') }} as order_items
    inner join {{ ref('products') }} as products using (product_id)
    group by order_id

)

select
    orders.order_id,
    orders.user_id,
    orders.session_id,
    orders.order_status,
    orders.ordered_at,
    orders.updated_at,
    orders.discount_code,
    items.units,
    {{ cents_to_amount('items.items_cents + orders.shipping_cents') }} as gross_revenue,
    case
        when orders.order_status in ('cancelled', 'returned') then 0
        else {{ cents_to_amount('items.items_cents + orders.shipping_cents') }}
    end as net_revenue,
    {{ cents_to_amount('items.discount_cents') }} as discount_amount,
    case
        when orders.order_status in ('cancelled', 'returned') then 0
        else {{ cents_to_amount('items.items_cents - items.cost_cents') }}
    end as gross_margin
from {{ ref('stg_shop__orders') }} as orders
inner join items on items.order_id = orders.order_id

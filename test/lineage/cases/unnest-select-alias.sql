select order_id, unnest(items) as item, generate_subscripts(items, 1) as i from orders

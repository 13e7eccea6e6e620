select order_id, unnest(items, recursive := true) from orders

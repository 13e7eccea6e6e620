select unnest(items) as item from orders

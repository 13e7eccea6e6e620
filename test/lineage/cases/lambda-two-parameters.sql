select list_filter(items, (i, n) -> n < order_id) as first from orders

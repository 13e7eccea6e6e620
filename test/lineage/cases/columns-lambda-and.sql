select columns(c -> c like '%_id' and c <> 'order_id') from orders

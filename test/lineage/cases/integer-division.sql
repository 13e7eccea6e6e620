select order_id // 2 as half from orders

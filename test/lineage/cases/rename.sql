select order_id as id from orders

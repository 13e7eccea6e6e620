select order_id from orders intersect select order_id from payments

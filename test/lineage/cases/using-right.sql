select order_id from orders right join payments using (order_id)

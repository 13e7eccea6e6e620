select order_id, status, method from orders right join payments using (order_id)

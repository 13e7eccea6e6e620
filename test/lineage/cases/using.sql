select order_id, method from orders join payments using (order_id)

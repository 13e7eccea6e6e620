select order_id from orders full join payments using (order_id)

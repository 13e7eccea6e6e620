select last_value(status ignore nulls) over (partition by customer_id order by ordered_at) as s from orders

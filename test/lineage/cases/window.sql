select sum(amount) over (partition by customer_id order by ordered_at) as running from orders

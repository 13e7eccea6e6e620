select lag(amount) over (order by ordered_at) as before from orders

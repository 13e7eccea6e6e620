select amount - lag(amount) over (partition by customer_id order by ordered_at) as d, amount / sum(amount) over () as share from orders

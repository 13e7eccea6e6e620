with o as (from orders where status = 'paid') from o select customer_id, sum(amount) as total group by customer_id

with o as (select customer_id, status, amount from orders) from o pivot (sum(amount) as s, count(amount) as c for status in ('paid' as p, 'open' as q) group by customer_id)

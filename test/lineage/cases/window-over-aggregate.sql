select customer_id, sum(amount) as t, rank() over (order by sum(amount) desc) as r from orders group by customer_id

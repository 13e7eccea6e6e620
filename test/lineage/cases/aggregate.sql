select customer_id, sum(amount) as total, count(*) as n from orders group by customer_id

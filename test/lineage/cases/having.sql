select customer_id from orders group by 1 having sum(amount) > 10

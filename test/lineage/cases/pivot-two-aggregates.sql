pivot (select customer_id, status, amount from orders) on status in ('paid') using sum(amount) as total, count(*) as n group by customer_id

pivot (select customer_id, status, amount from orders) on status in ('paid', 'open') using sum(amount) group by customer_id

select customer_id, upper(status) as s, max(amount) as biggest from orders group by cube (customer_id, upper(status))

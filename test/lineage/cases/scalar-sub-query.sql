select name, (select max(amount) from orders o where o.customer_id = c.customer_id) as biggest from customers c

select c.name, (select count(*) > 0 from orders o where o.customer_id = c.customer_id and o.amount > 5) as active from customers c

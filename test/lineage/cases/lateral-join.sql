select c.name, l.top from customers c, lateral (select max(o.amount) as top from orders o where o.customer_id = c.customer_id) l

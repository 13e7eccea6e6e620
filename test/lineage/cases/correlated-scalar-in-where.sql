select order_id from orders o where amount > (select avg(amount) from orders i where i.customer_id = o.customer_id)

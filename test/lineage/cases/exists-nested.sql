select name from customers c where exists (select 1 from orders o where o.customer_id = c.customer_id and exists (select 1 from payments p where p.order_id = o.order_id and p.method = c.country))

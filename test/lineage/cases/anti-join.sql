select * from (select customer_id, name from customers) c anti join orders o on o.customer_id = c.customer_id

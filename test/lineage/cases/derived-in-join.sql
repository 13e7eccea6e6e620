select c.name, t.total from customers c left join (select customer_id, sum(amount) as total from orders group by 1) t on t.customer_id = c.customer_id

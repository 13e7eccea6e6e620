-- dialect: tsql
select c.name, x.total from customers c cross apply (select sum(o.amount) as total from orders o where o.customer_id = c.customer_id) x

-- dialect: databricks
select * from customers c left anti join orders o on o.customer_id = c.customer_id

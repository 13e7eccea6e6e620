-- dialect: databricks
select order_id, explode(items) as item from orders

-- dialect: databricks
select order_id, item from orders lateral view explode(items) t as item

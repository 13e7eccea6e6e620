-- dialect: spark
select o.order_id, i.sku from orders o lateral view outer posexplode(items) t as pos, i

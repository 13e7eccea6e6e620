-- dialect: trino
select order_id, t.sku from orders cross join unnest(items) as t(sku, qty)

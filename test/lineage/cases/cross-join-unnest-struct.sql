select o.order_id, i.* from orders o cross join (select unnest(items, recursive := true) from orders) i

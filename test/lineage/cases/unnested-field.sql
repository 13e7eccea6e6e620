select t.item.sku as sku, t.item.qty * 2 as q from (select unnest(items) as item from orders) t

select o.order_id, i.sku from orders o, unnest(o.items) as u(i)

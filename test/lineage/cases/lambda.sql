select list_transform(items, i -> i.qty * amount) as worth from orders

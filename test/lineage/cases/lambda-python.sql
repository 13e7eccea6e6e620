select list_transform(items, lambda i: i.qty * customer_id) as q from orders

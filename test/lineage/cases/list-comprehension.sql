select [i.qty for i in items if i.qty > 1] as quantities from orders

select struct_pack(id := order_id, total := amount) as s, {'a': status} as t from orders

select list_transform(items, i -> list_transform([1, 2], j -> j + i.qty + amount)) as q from orders

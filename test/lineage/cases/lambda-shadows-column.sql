select list_transform([1], amount -> amount + 1) as q, status from orders

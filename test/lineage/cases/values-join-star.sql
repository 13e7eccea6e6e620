select v.*, o.amount from (values (1, 'a')) v(order_id, tag) join orders o using (order_id)

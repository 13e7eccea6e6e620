select t.b from (select order_id, amount from orders) as t(a, b)

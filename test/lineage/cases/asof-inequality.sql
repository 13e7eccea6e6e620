select o.order_id, p.method from orders o asof join payments p on o.order_id = p.order_id and o.amount >= p.amount

select o.order_id, p.method from orders o asof join payments p on o.customer_id = p.payment_id and o.order_id >= p.order_id

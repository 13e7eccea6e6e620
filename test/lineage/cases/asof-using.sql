select o.order_id, method from orders o asof left join payments p using (order_id, amount)

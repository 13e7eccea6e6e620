select coalesce(o.order_id, p.order_id) as id, o.amount as a, p.amount as b from orders o full outer join payments p on o.order_id = p.order_id

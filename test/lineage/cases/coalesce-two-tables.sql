select coalesce(p.amount, o.amount, 0) as amount, nullif(p.method, '') as method from orders o left join payments p on p.order_id = o.order_id and p.method <> 'x'

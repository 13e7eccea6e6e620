select o.order_id, p.* from orders o left join lateral (select method, amount as paid from payments p where p.order_id = o.order_id order by amount desc limit 1) p on true

with paid as (select order_id, sum(amount) as paid from payments group by order_id) select o.order_id, p.paid from orders o left join paid p on p.order_id = o.order_id

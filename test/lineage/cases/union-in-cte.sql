with u as (select order_id, amount from orders union all select order_id, amount from payments) select * from u where amount > 0

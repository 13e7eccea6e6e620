with a as materialized (select order_id from orders), b as not materialized (select order_id from payments) select a.order_id from a join b on a.order_id = b.order_id

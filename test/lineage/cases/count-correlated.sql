select (select count(*) from payments p where p.order_id = o.order_id) as n from orders o

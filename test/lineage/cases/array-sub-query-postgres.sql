-- dialect: postgres
select o.order_id, array(select method from payments p where p.order_id = o.order_id) as methods from orders o

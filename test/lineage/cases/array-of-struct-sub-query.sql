select (select list({'m': method, 'a': amount} order by payment_id) from payments p where p.order_id = o.order_id) as paid from orders o

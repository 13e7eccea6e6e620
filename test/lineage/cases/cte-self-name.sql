with orders as (select order_id, status from orders where amount > 0) select order_id from orders

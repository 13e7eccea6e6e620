with orders as (select payment_id as order_id from payments) select order_id from (select * from orders) where exists (select 1 from main.orders)

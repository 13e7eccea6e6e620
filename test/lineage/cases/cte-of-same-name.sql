with orders as (select * from orders where amount > 0) select amount from orders

create or replace view v as with paid as (select * from orders where status = 'paid') select order_id, amount as paid from paid

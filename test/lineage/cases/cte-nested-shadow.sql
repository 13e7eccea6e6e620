with o as (select order_id as id from orders), p as (with o as (select payment_id as id from payments) select id from o) select o.id, p.id as pid from o, p

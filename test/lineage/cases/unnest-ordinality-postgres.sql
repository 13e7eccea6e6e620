-- dialect: postgres
select o.order_id, t.item, t.n from orders o cross join lateral unnest(o.items) with ordinality as t(item, n)

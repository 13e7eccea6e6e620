-- dialect: postgres
select o.order_id, v.label from orders o left join lateral (values (o.status), (o.address::text)) as v(label) on true

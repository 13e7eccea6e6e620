-- dialect: postgres
select o.order_id, j.key, j.value from orders o, jsonb_each(o.address) as j(key, value)

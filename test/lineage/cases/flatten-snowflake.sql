-- dialect: snowflake
select o.order_id, f.value:sku::varchar as sku from orders o, lateral flatten(input => o.items) f

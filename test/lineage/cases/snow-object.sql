-- dialect: snowflake
select object_construct('id', order_id, 'amount', amount) as o, iff(status = 'x', 1, 0) as f, try_to_number(status) as n from orders

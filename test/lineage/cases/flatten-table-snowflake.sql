-- dialect: snowflake
select a.order_id, b.value:sku::string as sku, b.index as n from orders a, table(flatten(input => a.items)) b

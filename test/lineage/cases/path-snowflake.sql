-- dialect: snowflake
select o.address:city::string as city, o.items[0]:sku as sku from orders o

-- dialect: snowflake
select dateadd(day, 7, ordered_at) as due from orders

-- dialect: snowflake
select * exclude email rename name as who from customers

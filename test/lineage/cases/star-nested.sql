with a as (select * exclude (email) from customers), b as (select * from a) select * from b

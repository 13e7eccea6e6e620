with a as (select * exclude (items, address) from orders), b as (select a.* rename (amount as total) from a), c as (select *, total * 2 as twice from b) select order_id, total, twice from c

select * replace (upper(name) as name) from customers

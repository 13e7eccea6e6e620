select * exclude (items, address) replace (upper(status) as status, amount / 100 as amount) from orders

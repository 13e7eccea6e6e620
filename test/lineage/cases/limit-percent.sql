select order_id from orders order by amount limit 10%

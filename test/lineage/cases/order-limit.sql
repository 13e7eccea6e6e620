select amount from orders order by ordered_at desc limit 5

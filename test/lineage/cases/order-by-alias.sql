select amount + 1 as ordered_at from orders order by ordered_at

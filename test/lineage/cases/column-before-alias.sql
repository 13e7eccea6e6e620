select amount + 1 as status, status as s from orders

select amount * 2 as double_amount, upper(status) as status from orders

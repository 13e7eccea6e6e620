select status, amount from orders order by 2

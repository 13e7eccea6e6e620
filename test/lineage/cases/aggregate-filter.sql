select sum(amount) filter (where status = 'paid') as paid from orders

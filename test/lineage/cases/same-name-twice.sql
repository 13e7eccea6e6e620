select o.amount, p.amount from orders o cross join payments p

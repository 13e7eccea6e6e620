select amount from orders order by status = 'paid' desc, -amount

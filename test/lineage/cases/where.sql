select amount from orders where status = 'paid' and amount > 0

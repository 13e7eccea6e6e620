select name from customers where customer_id not in (select customer_id from orders where status = 'x')

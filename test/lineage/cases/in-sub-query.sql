select name from customers where customer_id in (select customer_id from orders)

select order_id from orders o where customer_id = any (select customer_id from customers where country = 'kr')

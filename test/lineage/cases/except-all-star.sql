select customer_id from orders except all select customer_id from customers where country = 'kr'

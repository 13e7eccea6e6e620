select * rename (name as customer_name) from customers

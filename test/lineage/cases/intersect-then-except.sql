select customer_id from customers intersect select customer_id from orders except select order_id from payments

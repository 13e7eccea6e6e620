select order_id as id, amount from orders union all by name select payment_id as id, method from payments union all by name select customer_id as id, name as method from customers

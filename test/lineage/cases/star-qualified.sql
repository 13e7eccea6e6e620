select c.*, o.amount from orders o join customers c on o.customer_id = c.customer_id

unpivot (select order_id, amount, customer_id from orders) on amount, customer_id into name k value v

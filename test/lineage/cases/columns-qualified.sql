select columns(c.* exclude (customer_id, country)), o.order_id from customers c join orders o using (customer_id)

select distinct status, country from orders join customers using (customer_id)

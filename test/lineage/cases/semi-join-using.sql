select * exclude (email, country) from customers semi join orders using (customer_id)

select * exclude (email, country) from customers

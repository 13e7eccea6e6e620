select * exclude (email, country) rename (name as who) from customers

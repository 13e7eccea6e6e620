select coalesce(*columns('name|email')) as contact from customers

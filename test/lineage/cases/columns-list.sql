select columns(['name', 'email']) from customers

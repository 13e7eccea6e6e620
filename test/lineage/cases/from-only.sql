from customers

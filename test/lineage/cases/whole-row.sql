select customers from customers

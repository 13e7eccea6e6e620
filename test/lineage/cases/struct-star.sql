select address.* from orders

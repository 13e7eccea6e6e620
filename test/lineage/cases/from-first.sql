from orders select amount

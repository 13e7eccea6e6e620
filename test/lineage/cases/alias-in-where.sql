select amount * 2 as d from orders where d > 3

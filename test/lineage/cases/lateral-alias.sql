select amount * 2 as doubled, doubled + 1 as more from orders

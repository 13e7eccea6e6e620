select g.n, amount from orders, generate_series(1, 3) as g(n)

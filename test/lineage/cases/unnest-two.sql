select o.order_id, a.n, b.m from orders o, unnest([1, 2]) as a(n), unnest(o.items) as b(m)

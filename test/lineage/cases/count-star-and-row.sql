select count(*) as n, count(o) as m from orders o where o.status = 'x'

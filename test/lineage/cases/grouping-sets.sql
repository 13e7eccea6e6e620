select country, count(*) as n, grouping(country) as g from customers group by grouping sets ((country), ())

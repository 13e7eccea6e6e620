select country, count(*) as n, sum(count(*)) over () as all_n from customers group by country having max(name) > 'a'

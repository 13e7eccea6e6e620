select status from orders order by case when amount > 10 then ordered_at end, (select max(country) from customers)

select s.total from (select sum(amount) as total from orders) s

select sum(amount) over (order by ordered_at range between interval 7 days preceding and current row exclude ties) as s from orders

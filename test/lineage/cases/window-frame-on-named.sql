select sum(amount) over w as s, avg(amount) over (w rows between 2 preceding and current row) as a from orders window w as (partition by customer_id order by ordered_at)

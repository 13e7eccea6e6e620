select customer_id % 10 as bucket, sum(amount) filter (status = 'paid') as paid from orders group by bucket order by paid desc

select date_trunc('month', ordered_at) as month, count(*) as n from orders group by month having n > 2 order by month

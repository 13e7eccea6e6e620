-- dialect: postgres
select percentile_cont(0.5) within group (order by amount) as median from orders

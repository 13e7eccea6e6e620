-- dialect: postgres
select order_id, count(*) over (partition by customer_id) n, first_value(status) over w f from orders window w as (partition by customer_id order by ordered_at rows between unbounded preceding and unbounded following)

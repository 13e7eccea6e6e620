select row_number() over w as n from orders window w as (partition by customer_id order by ordered_at)

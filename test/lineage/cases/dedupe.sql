select * exclude (rn) from (select customer_id, amount, row_number() over (partition by customer_id order by ordered_at desc) as rn from orders) where rn = 1

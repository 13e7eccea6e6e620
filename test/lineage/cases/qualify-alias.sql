select customer_id, row_number() over (partition by customer_id order by ordered_at desc) as rn from orders qualify rn = 1

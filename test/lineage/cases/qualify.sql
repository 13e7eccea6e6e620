select amount from orders qualify row_number() over (partition by customer_id order by ordered_at) = 1

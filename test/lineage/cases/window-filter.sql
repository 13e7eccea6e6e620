select count(*) filter (where status = 'paid') over (partition by customer_id) as n from orders

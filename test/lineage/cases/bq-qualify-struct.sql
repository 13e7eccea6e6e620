-- dialect: bigquery
select customer_id, array_agg(struct(order_id, amount) order by ordered_at limit 1)[offset(0)].amount as first_amount from orders group by customer_id

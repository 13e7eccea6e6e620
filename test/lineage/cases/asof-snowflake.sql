-- dialect: snowflake
select o.order_id, p.method from orders o asof join payments p match_condition (o.order_id >= p.order_id) on o.customer_id = p.payment_id

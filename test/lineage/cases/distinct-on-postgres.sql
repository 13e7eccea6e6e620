-- dialect: postgres
select distinct on (o.customer_id) o.customer_id, o.order_id from orders o order by o.customer_id, o.ordered_at desc nulls last

(select order_id from orders order by ordered_at limit 1) union all (select order_id from payments)

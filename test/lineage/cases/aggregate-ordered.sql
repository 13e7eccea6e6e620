select string_agg(status, ',' order by ordered_at) as statuses from orders

select array_agg(status order by ordered_at desc) filter (where amount > 0) as s from orders

select string_agg(distinct status, ',' order by status) filter (where amount > 0) as s from orders

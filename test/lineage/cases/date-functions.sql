select extract(month from ordered_at) as m, date_diff('day', ordered_at, now()) as age, ordered_at + interval 1 day * order_id as later from orders

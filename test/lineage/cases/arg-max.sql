select arg_max(status, ordered_at) as latest, count(distinct customer_id) as people, first(method) as m from orders join payments using (order_id)

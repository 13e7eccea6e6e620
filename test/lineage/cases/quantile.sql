select median(amount) as m, quantile_cont(amount, 0.9) as q, mode(status) as s, approx_count_distinct(customer_id) as n from orders

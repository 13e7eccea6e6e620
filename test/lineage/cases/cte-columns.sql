with t (a, b) as (select order_id, amount from orders) select b, a from t

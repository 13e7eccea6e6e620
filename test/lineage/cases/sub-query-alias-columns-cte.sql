with t(a, b) as (values (1, 2)), u as (select a, o.amount from t join orders o on o.order_id = t.b) select * from u

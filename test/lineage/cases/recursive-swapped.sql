with recursive t as (select order_id as a, customer_id as b from orders union select b, a from t) select a from t

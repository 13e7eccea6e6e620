with u as (unpivot (select payment_id, amount, order_id from payments) on amount, order_id into name k value v) select payment_id, k, v from u

unpivot (select order_id, amount, customer_id from orders) on columns(* exclude (order_id)) into name k value v

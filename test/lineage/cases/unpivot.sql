select * from (select order_id, amount, customer_id from orders) unpivot (v for k in (amount, customer_id))

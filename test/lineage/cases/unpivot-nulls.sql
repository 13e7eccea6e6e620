select * from (select order_id, amount, customer_id from orders) unpivot include nulls (v for k in (amount as 'a', customer_id as 'c'))

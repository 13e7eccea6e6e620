with j as (select * from (select order_id, status from orders) a full join (select order_id, method from payments) b using (order_id)) select order_id, method from j

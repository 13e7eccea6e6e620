select * from (select order_id, status from orders) o join (select order_id, method from payments) p using (order_id)

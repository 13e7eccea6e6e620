select order_id from (select order_id, status from orders) o natural join (select order_id, method from payments) p

select * from (select order_id, status from orders) o, (select name from customers) c

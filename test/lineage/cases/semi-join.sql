select * from (select order_id from orders) o semi join payments p on p.order_id = o.order_id

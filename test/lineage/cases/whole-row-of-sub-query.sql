select t from (select order_id, amount from orders) t

select order_id, c.x from (select order_id from orders) a left join payments b using (order_id) left join (select order_id, amount as x from payments) c using (order_id)

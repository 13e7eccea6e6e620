select order_id from orders where amount > all (select amount from payments)

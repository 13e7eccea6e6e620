select order_id, amount in (select amount from payments) as matched from orders

select a.amount, b.amount as other from orders a join orders b on a.order_id = b.order_id

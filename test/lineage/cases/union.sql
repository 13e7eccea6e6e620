select order_id as id, amount from orders union all select payment_id, amount from payments

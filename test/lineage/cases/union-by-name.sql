select order_id, amount from orders union all by name select amount, method from payments

select order_id, amount from orders union all by name select method, amount from payments

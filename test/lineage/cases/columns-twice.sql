select min(columns(*)) + max(columns(*)) from (select order_id, amount from payments)

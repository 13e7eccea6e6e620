select distinct on (customer_id) customer_id, amount from orders order by ordered_at

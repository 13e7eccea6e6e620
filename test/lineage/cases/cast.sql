select cast(amount as integer) as amount, order_id::varchar as id from orders

select o.* exclude (items, address, ordered_at, status), c.* exclude (customer_id) from orders o left join customers c on c.customer_id = o.customer_id

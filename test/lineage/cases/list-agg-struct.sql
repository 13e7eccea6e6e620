select customer_id, list({'id': order_id, 'at': ordered_at} order by ordered_at desc)[1].id as last_id from orders group by customer_id

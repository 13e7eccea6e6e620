select col1, order_id from (values (1, 'a')), orders

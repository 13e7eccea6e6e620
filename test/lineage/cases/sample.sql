select order_id, amount from orders tablesample reservoir(20 rows) where amount > 1

select * from (select customer_id, status, amount from orders) pivot (sum(amount) as total for status in ('paid', 'open'))

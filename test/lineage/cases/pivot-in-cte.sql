with p as (pivot (select customer_id, status, amount from orders) on status in ('paid', 'open') using sum(amount)) select customer_id, paid + open as total from p

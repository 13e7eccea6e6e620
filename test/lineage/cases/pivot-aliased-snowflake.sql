-- dialect: snowflake
select * from (select customer_id, status, amount from orders) pivot (sum(amount) for status in ('paid', 'open')) as p (customer, paid, unpaid)

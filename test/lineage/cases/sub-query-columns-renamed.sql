select t.a, b from (select customer_id, name from customers) as t(a, b)

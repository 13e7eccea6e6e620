-- dialect: postgres
select c.name, d from customers c cross join lateral generate_series(1, c.customer_id) as d

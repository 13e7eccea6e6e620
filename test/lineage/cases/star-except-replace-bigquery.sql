-- dialect: bigquery
select * except (email) replace (upper(name) as name) from customers

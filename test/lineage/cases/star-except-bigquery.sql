-- dialect: bigquery
select * except (email, country) from customers

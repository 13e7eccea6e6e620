-- dialect: bigquery
select c.*, o.amount from customers c left join orders o using (customer_id)

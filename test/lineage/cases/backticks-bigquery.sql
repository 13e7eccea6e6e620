-- dialect: bigquery
select o.order_id, o.address.city from `dev.main.orders` as o where o.status in unnest(['paid'])

-- dialect: redshift
select listagg(status, ',') within group (order by ordered_at) over (partition by customer_id) as s from orders

-- dialect: bigquery
select array(select i.sku from unnest(items) as i where i.qty > 1) as skus from orders

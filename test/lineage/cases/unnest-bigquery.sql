-- dialect: bigquery
select order_id, i.sku, pos from orders, unnest(items) as i with offset as pos

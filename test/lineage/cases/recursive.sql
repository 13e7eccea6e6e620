with recursive chain(id, root) as (select order_id, customer_id from orders union all select c.id + 1, c.root from chain c) select id, root from chain

select order_id as k from orders union select payment_id from payments union all select 0 order by k

with v(k, label) as (values ('paid', 'Paid'), ('open', 'Open')) select o.order_id, v.label from orders o join v on v.k = o.status

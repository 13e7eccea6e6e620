select o.order_id as mine, p.order_id as theirs from orders o full join payments p using (order_id)

select case status when 'paid' then case when amount > 10 then 'big' else method end else 'none' end as k from orders join payments using (order_id, amount)

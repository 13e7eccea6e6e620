select case when status = 'paid' then amount else 0 end as revenue from orders

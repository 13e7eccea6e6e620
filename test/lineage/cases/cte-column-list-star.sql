with c(a, b, c, d) as (select * from customers) select b, d from c

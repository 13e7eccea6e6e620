select upper(status) as status, count(*) as n from orders group by upper(status)

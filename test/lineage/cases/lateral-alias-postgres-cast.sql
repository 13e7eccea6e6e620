-- dialect: redshift
select amount::decimal(10,2) as a, a * 2 as b, nvl(status, 'x') as s from orders where a > 1

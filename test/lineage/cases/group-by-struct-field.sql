select address.city as city, count(*) as n from orders group by address.city

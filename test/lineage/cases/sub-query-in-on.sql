select c.name from customers c join orders o on o.customer_id = (select max(x.customer_id) from customers x where x.country = 'kr')

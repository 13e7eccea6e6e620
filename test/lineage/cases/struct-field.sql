select address.city as city, o.address.street from orders o

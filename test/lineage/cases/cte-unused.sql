with unused as (select email from customers where country is null) select amount from orders

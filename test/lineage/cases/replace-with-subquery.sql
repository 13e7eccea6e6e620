select * replace ((select max(name) from customers) as method) from payments

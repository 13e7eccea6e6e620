create table x as select amount from orders

select o.amount from main.orders as o

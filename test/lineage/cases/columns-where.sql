select name from customers where columns('name|email') is not null

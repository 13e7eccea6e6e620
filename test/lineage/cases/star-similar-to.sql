select * similar to '^a|thod' from payments

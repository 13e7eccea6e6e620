select * not like '%_id' from payments

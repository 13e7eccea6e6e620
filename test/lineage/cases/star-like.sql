select * like '%_id' from payments

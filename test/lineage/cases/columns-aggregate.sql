select max(columns('amount|method')) from payments

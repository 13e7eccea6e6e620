select columns('(.*)_id') as '\1_key' from payments

select columns('.*_id') from payments

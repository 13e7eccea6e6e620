select columns(c -> c like 'am%') from payments

select
  -- the key
  order_id,
  ---------- numbers
  amount, -- in euros
  upper(status) as status -- as shown
from orders -- all of them
where customer_id > 0 -- real ones

select try_cast(status as int) as s from orders where ordered_at between timestamp '2024-01-01' and now() and status is not null

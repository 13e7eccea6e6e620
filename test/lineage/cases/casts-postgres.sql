-- dialect: postgres
select (address->>'city')::text as city, amount::int as a, '2024-01-01'::date as d from orders where status::text ~ '^p'

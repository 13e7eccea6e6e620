select 1 as id, 2 as cust, current_date as d, 3.5 as amt

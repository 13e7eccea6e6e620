select list(distinct status) as s, list_sort(list(amount)) as a, bool_or(amount > 10) as big from orders

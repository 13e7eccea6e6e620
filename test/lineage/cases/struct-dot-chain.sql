select s.a.b as b from (select {'a': {'b': amount, 'c': status}} as s from orders)

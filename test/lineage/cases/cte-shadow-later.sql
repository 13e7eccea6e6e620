with a as (select amount from payments), b as (select amount from a) select amount from b

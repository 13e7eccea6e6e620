with t as (table payments) select method from t
